SELECT id FROM identity_code WHERE phone = $1 AND sent_from = $2 AND created_at > $3 AND used_at IS NOT NULL LIMIT 1
