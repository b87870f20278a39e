INSERT INTO identity_password (user_id, hash, changed_at)
VALUES ($1, $2, $3)
