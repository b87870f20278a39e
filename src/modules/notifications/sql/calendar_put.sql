INSERT INTO notifications_calendar (person_id, nonce, created_at) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET nonce = excluded.nonce, created_at = excluded.created_at
