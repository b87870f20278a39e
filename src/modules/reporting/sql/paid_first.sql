SELECT min(captured_at) FROM report_payment WHERE hospital_id = $1
