UPDATE identity_api_key SET used_at = $2 WHERE id = $1
