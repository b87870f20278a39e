-- scan: counted by the platform's administrators only, without looking at more than a word of each
SELECT count(*) FROM report_doctor WHERE is_active = 1
