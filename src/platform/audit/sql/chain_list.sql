-- scan: the whole record is proved
SELECT id, node, began_at, key_id, is_indexed, is_marked FROM platform_audit_chain ORDER BY id
