SELECT count(*) FROM report_practice WHERE hospital_id = $1 AND is_active = 1
