INSERT INTO identity_reset (login_key, user_id, nonce, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
RETURNING id
