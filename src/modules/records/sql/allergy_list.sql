-- The newest versions.
SELECT a.id, a.supersedes, a.patient_id, COALESCE(a.hospital_id, 0), COALESCE(a.doctor_id, 0), a.recorded_at,
  COALESCE(a.recorded_by, 0), a.substance, a.reaction, a.severity,
  a.status, a.reason
FROM records_allergy a
WHERE a.patient_id = $1 AND (a.recorded_at, a.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR a.hospital_id = $4)
  AND NOT EXISTS (SELECT 1 FROM records_allergy s WHERE s.supersedes = a.id)
ORDER BY a.recorded_at DESC, a.id DESC LIMIT $5
