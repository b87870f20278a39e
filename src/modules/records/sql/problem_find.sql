SELECT p.id, p.supersedes, p.patient_id, COALESCE(p.hospital_id, 0), COALESCE(p.doctor_id, 0), p.recorded_at,
  COALESCE(p.recorded_by, 0), p.code, p.words, p.began_on, p.status,
  p.reason
FROM records_problem p WHERE p.id = $1
