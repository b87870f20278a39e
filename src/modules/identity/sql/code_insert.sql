INSERT INTO identity_code (phone, nonce, request_hash, sent_from, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id
