SELECT due_at FROM notifications_delivery WHERE status = 'waiting' ORDER BY due_at LIMIT 1
