SELECT created_at FROM identity_session WHERE id = $2 AND user_id = $1 AND revoked_at IS NULL
