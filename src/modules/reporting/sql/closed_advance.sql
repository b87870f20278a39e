UPDATE reporting_hospital SET closed_before_on = $4 WHERE hospital_id = $1 AND time_zone = $2 AND closed_before_on = $3
