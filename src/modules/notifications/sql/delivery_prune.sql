DELETE FROM notifications_delivery
WHERE status <> 'waiting' AND message_id IN
  (SELECT id FROM notifications_message WHERE created_at < $1 ORDER BY created_at LIMIT $2)
