SELECT min(starts_at) FROM report_visit WHERE hospital_id = $1
