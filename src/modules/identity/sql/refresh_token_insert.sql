INSERT INTO identity_refresh_token (token_hash, session_id, expires_at)
VALUES ($1, $2, $3)
