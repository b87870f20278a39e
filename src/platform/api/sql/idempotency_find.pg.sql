-- pg: locks the row, since PostgreSQL lets a transaction that writes nothing end before the standby has what it read.
SELECT fingerprint, status, headers, body FROM platform_idempotency WHERE caller = $1 AND key_hash = $2 FOR UPDATE
