INSERT INTO platform_audit_block (chain_id, number, at, entries, seal) VALUES ($1, $2, $3, $4, $5)
