SELECT created_at FROM identity_code WHERE phone = $1 AND sent_from = $2 AND created_at > $3
ORDER BY created_at DESC LIMIT 1 OFFSET $4
