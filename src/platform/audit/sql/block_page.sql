SELECT number, at, entries, seal FROM platform_audit_block WHERE chain_id = $1 AND number > $2 ORDER BY number LIMIT $3
