-- The events of a topic that came after one.
SELECT id, topic, kind, payload, at FROM platform_event WHERE topic = $1 AND id > $2 ORDER BY id LIMIT $3
