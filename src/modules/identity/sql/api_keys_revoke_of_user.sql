UPDATE identity_api_key SET revoked_at = $2 WHERE owner_id = $1 AND revoked_at IS NULL
