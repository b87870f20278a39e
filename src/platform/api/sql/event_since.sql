-- The events of a topic that came after one. The caller sees to it that few came after it.
SELECT id, topic, kind, payload, at FROM platform_event WHERE id > $2 AND topic = $1 ORDER BY id LIMIT $3
