-- The newest versions.
SELECT p.id, p.supersedes, p.patient_id, COALESCE(p.hospital_id, 0), COALESCE(p.doctor_id, 0), p.recorded_at,
  COALESCE(p.recorded_by, 0), p.code, p.words, p.began_on, p.status,
  p.reason
FROM records_problem p
WHERE p.patient_id = $1 AND (p.recorded_at, p.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR p.hospital_id = $4)
  AND NOT EXISTS (SELECT 1 FROM records_problem s WHERE s.supersedes = p.id)
ORDER BY p.recorded_at DESC, p.id DESC LIMIT $5
