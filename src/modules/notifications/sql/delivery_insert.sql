INSERT INTO notifications_delivery (message_id, channel, status, attempts, created_at, due_at)
VALUES ($1, $2, 'waiting', 0, $3, $4)
ON CONFLICT (message_id, channel) DO NOTHING
RETURNING id
