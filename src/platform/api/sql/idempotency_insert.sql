-- Keeps the reply for those who ask again with the key; 0 rows when another request was faster, which is waited for.
INSERT INTO platform_idempotency (caller, key_hash, fingerprint, status, headers, body, at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (caller, key_hash) DO NOTHING
