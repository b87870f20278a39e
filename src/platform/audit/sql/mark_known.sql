SELECT 1 FROM platform_audit_mark WHERE kind = $1 AND ref = $2 AND at = $3 AND chain_id = $4 AND number = $5
