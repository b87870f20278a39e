-- scan: the first rows by id, which are the oldest
DELETE FROM platform_idempotency WHERE at < $1 AND id IN (SELECT id FROM platform_idempotency ORDER BY id LIMIT $2)
