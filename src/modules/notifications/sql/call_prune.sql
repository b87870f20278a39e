DELETE FROM notifications_call WHERE id IN (
  SELECT id FROM notifications_call WHERE created_at < $1 AND status <> 'waiting' ORDER BY created_at LIMIT $2)
