-- The newest first, what is older than that and not older than this.
SELECT at, chain_id, number, entries FROM platform_audit_block
WHERE (at, chain_id, number) < ($1, $2, $3) AND at >= $4 ORDER BY at DESC, chain_id DESC, number DESC LIMIT $5
