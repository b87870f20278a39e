SELECT day_on, appointments, fulfilled, cancelled, no_shows, arrived, hours, doctors, waits, money
FROM reporting_day WHERE hospital_id = $1 AND day_on >= $2 AND day_on < $3
ORDER BY day_on
