INSERT INTO reception_summons (arrival_id, called_at, room, made_by) VALUES ($1, $2, $3, $4)
