-- No row when another node was faster.
INSERT INTO reporting_hospital (hospital_id, time_zone, closed_before_on) VALUES ($1, $2, $3)
ON CONFLICT (hospital_id) DO NOTHING
