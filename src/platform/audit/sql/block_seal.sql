SELECT seal FROM platform_audit_block WHERE chain_id = $1 AND number = $2
