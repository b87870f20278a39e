SELECT time_zone, closed_before_on FROM reporting_hospital WHERE hospital_id = $1
