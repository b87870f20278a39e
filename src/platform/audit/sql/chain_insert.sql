INSERT INTO platform_audit_chain (node, began_at, key_id, is_indexed, is_marked) VALUES ($1, $2, $3, 1, 1) RETURNING id
