-- What was done, in the order of time.
SELECT chain_id, number, at, entries FROM platform_audit_block
WHERE (at, chain_id, number) > ($1, $2, $3) ORDER BY at, chain_id, number LIMIT $4
