SELECT starts_at, status, doctor_id FROM report_visit WHERE hospital_id = $1 AND starts_at >= $2 AND starts_at < $3
