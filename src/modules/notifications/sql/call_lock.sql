SELECT id, endpoint_id, kind, body, status, attempts, http_status, error, created_at, due_at, ended_at FROM notifications_call WHERE id = $1 /*pg FOR UPDATE */
