-- The newest first, what is older than that and not older than this.
SELECT m.at, m.chain_id, m.number, b.entries
FROM platform_audit_mark m JOIN platform_audit_block b ON b.chain_id = m.chain_id AND b.number = m.number
WHERE m.kind = $1 AND m.ref = $2 AND (m.at, m.chain_id, m.number) < ($3, $4, $5) AND m.at >= $6
ORDER BY m.at DESC, m.chain_id DESC, m.number DESC LIMIT $7
