INSERT INTO reception_delay (doctor_id, hospital_id, delayed_on, minutes, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6)
