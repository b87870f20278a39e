-- When none of its deliveries waits any more.
UPDATE notifications_message SET to_phone = NULL, to_email = NULL
WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM notifications_delivery d WHERE d.message_id = $1 AND d.status = 'waiting')
