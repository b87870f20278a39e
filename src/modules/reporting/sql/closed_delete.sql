DELETE FROM reporting_hospital WHERE hospital_id = $1 AND time_zone = $2
