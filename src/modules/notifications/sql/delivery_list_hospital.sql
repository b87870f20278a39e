SELECT d.id, d.message_id, m.kind, m.person_id, m.hospital_id, d.channel, d.status, d.attempts, d.error, d.created_at,
  d.due_at, d.ended_at
FROM notifications_message m JOIN notifications_delivery d ON d.message_id = m.id
WHERE m.hospital_id = $1 AND m.hospital_id <> 0 AND d.id < $2 AND (CAST($3 AS TEXT) IS NULL OR d.status = $3)
ORDER BY d.id DESC LIMIT $4
