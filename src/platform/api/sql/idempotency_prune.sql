DELETE FROM platform_idempotency WHERE at < $1
