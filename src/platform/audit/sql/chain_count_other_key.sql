-- scan: one row for each writer and start of the program
SELECT count(*) FROM platform_audit_chain WHERE key_id <> $1
