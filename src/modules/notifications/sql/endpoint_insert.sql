INSERT INTO notifications_endpoint (hospital_id, made_by, url, kinds, nonce, is_active, created_at)
VALUES ($1, $2, $3, $4, $5, 1, $6)
RETURNING id
