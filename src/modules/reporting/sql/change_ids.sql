SELECT id FROM reporting_change WHERE hospital_id = $1 AND day_on = $2 ORDER BY id
