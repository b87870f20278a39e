-- The ends of the chains that have grown since then.
-- scan: one row for each writer and start of the program, once an hour
SELECT c.id, b.number, b.seal
FROM platform_audit_chain c JOIN platform_audit_block b ON b.chain_id = c.id
  AND b.number = (SELECT max(newest.number) FROM platform_audit_block newest WHERE newest.chain_id = c.id)
WHERE b.at >= $1 ORDER BY c.id
