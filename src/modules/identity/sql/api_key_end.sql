UPDATE identity_api_key SET expires_at = $2 WHERE id = $1
