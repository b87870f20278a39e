-- scan: the whole record is proved
SELECT count(*) FROM platform_audit_patient p JOIN platform_audit_chain c ON c.id = p.chain_id WHERE c.is_indexed = 1
