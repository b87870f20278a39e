SELECT id, message_id, channel, status, attempts, error, created_at, due_at, ended_at
FROM notifications_delivery WHERE id = $1
