UPDATE notifications_endpoint
SET url = $2, kinds = $3, nonce = $4, old_nonce = $5, old_until = $6, is_active = $7, stopped_why = $8
WHERE id = $1
