-- The newest first, what is older than that.
SELECT p.at, p.chain_id, p.number, b.entries
FROM platform_audit_patient p JOIN platform_audit_block b ON b.chain_id = p.chain_id AND b.number = p.number
WHERE p.patient_id = $1 AND (p.at, p.chain_id, p.number) < ($2, $3, $4)
ORDER BY p.at DESC, p.chain_id DESC, p.number DESC LIMIT $5
