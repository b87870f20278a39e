-- scan: a small table
SELECT count(*) FROM report_hospital WHERE is_active = 1
