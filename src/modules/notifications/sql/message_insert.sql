-- No row when there is a message of this deed.
INSERT INTO notifications_message (key, kind, person_id, hospital_id, facts, language, secret, to_phone, to_email,
  is_shown, created_at, useless_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (key) DO NOTHING
