DELETE FROM reporting_day WHERE hospital_id = $1
