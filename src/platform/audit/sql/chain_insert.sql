INSERT INTO platform_audit_chain (node, began_at, key_id) VALUES ($1, $2, $3) RETURNING id
