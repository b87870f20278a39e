SELECT doctor_id FROM directory_practice WHERE hospital_id = $1 ORDER BY doctor_id
