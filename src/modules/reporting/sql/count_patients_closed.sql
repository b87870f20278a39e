SELECT count(*) FROM reporting_patient WHERE hospital_id = $1
