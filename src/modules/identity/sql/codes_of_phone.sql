-- When the last but $3 of the codes since $2 was sent.
SELECT created_at FROM identity_code WHERE phone = $1 AND created_at > $2 ORDER BY created_at DESC LIMIT 1 OFFSET $3
