-- Keeps the reply for those who ask again with the key.
UPDATE platform_idempotency SET status = $4, headers = $5, body = $6 WHERE caller = $1 AND route = $2 AND key = $3
