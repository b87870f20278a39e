DELETE FROM reporting_day WHERE hospital_id = $1 AND day_on = $2
