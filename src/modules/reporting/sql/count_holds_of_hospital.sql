SELECT count(*) FROM report_hold WHERE lapses_at > $1 AND hospital_id = $2
