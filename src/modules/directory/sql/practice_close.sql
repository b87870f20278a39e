UPDATE directory_practice SET is_active = 0 WHERE doctor_id = $1 AND hospital_id = $2
