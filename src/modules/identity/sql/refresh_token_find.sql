SELECT session_id, expires_at, used_at FROM identity_refresh_token WHERE token_hash = $1
