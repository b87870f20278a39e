SELECT a.id, a.supersedes, a.patient_id, COALESCE(a.hospital_id, 0), COALESCE(a.doctor_id, 0), a.recorded_at,
  COALESCE(a.recorded_by, 0), a.substance, a.reaction, a.severity,
  a.status, a.reason
FROM records_allergy a WHERE a.id = $1
