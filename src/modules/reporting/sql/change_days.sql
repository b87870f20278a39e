SELECT DISTINCT day_on FROM reporting_change WHERE hospital_id = $1 AND day_on >= $2 AND day_on < $3
