SELECT body_hash, status, headers, body FROM platform_idempotency WHERE caller = $1 AND route = $2 AND key = $3
