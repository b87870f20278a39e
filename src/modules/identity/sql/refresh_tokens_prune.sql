DELETE FROM identity_refresh_token
WHERE session_id IN (SELECT id FROM identity_session WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
