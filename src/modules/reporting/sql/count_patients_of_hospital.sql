SELECT count(DISTINCT patient_id) FROM report_visit WHERE hospital_id = $1
