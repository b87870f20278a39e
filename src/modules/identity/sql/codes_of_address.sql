SELECT created_at FROM identity_code WHERE sent_from = $1 AND created_at > $2 ORDER BY created_at DESC LIMIT 1 OFFSET $3
