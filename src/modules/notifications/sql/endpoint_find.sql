SELECT id, hospital_id, made_by, url, kinds, nonce, old_nonce, old_until, is_active, stopped_why, created_at
FROM notifications_endpoint WHERE id = $1
