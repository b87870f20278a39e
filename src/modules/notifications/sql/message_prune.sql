-- Messages whose deliveries have all been pruned.
DELETE FROM notifications_message
WHERE id IN (SELECT m.id FROM notifications_message m WHERE m.created_at < $1
  AND NOT EXISTS (SELECT 1 FROM notifications_delivery d WHERE d.message_id = m.id)
  ORDER BY m.created_at LIMIT $2)
