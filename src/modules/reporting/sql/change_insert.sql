INSERT INTO reporting_change (hospital_id, day_on) VALUES ($1, $2)
