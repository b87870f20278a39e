-- scan: one row for each writer and start of the program
UPDATE platform_audit_chain SET is_indexed = 1, is_marked = 1 WHERE is_indexed = 0 OR is_marked = 0
