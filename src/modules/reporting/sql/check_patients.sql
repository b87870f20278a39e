-- scan: fairward check reads everything
SELECT count(DISTINCT v.patient_id) FROM report_visit v
WHERE v.hospital_id = $1 AND v.starts_at < $2 AND NOT EXISTS (
  SELECT 1 FROM reporting_patient p WHERE p.hospital_id = $1 AND p.patient_id = v.patient_id)
