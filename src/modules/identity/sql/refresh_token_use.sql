-- Of two that come at once only one finds it unused.
UPDATE identity_refresh_token SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL
