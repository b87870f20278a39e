INSERT INTO reporting_patient (hospital_id, patient_id)
SELECT DISTINCT hospital_id, patient_id FROM report_visit
WHERE hospital_id = $1 AND starts_at >= $2 AND starts_at < $3
ON CONFLICT (hospital_id, patient_id) DO NOTHING
