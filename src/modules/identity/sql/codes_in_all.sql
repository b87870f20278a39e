SELECT created_at FROM identity_code WHERE created_at > $1 ORDER BY created_at DESC LIMIT 1 OFFSET $2
