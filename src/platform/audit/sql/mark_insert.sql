INSERT INTO platform_audit_mark (kind, ref, at, chain_id, number) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, ref, at, chain_id, number) DO NOTHING
