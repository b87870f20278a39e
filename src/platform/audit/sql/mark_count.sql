-- scan: the whole record is proved
SELECT count(*) FROM platform_audit_mark m JOIN platform_audit_chain c ON c.id = m.chain_id WHERE c.is_marked = 1
