SELECT fingerprint, status, headers, body FROM platform_idempotency WHERE caller = $1 AND key_hash = $2
