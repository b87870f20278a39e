-- Chains of blocks without the row that says whose they are.
-- scan: the whole record is proved
SELECT chain_id FROM platform_audit_block b
WHERE NOT EXISTS (SELECT 1 FROM platform_audit_chain c WHERE c.id = b.chain_id) GROUP BY chain_id ORDER BY chain_id
