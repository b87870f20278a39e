-- scan: the first rows by id, which are the oldest
DELETE FROM platform_event WHERE id <= $1 AND id < (SELECT max(id) FROM platform_event)
  AND id IN (SELECT id FROM platform_event ORDER BY id LIMIT $2)
