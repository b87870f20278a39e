-- Of one hospital, or, with 0, those of every hospital.
SELECT id, hospital_id, made_by, url, kinds, nonce, old_nonce, old_until, is_active, stopped_why, created_at
FROM notifications_endpoint WHERE hospital_id = $1 ORDER BY id LIMIT $2
