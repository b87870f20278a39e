SELECT d.id, d.message_id, m.kind, m.person_id, m.hospital_id, d.channel, d.status, d.attempts, d.error, d.created_at,
  d.due_at, d.ended_at
FROM notifications_delivery d JOIN notifications_message m ON m.id = d.message_id
WHERE d.id < $1 AND (CAST($2 AS TEXT) IS NULL OR d.status = $2)
ORDER BY d.id DESC LIMIT $3
