-- Takes the key for this request; 0 rows when it is taken. A second request waits here until the first one is committed.
INSERT INTO platform_idempotency (caller, route, key, body_hash, status, headers, body, at)
VALUES ($1, $2, $3, $4, 0, '', '', $5)
ON CONFLICT (caller, route, key) DO NOTHING
