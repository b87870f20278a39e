-- The newest versions, the newest first.
SELECT p.id, p.supersedes, (SELECT s.id FROM records_prescription s WHERE s.supersedes = p.id), v.appointment_id, p.visit_id, p.patient_id,
  p.hospital_id, p.doctor_id, p.issued_at, p.issued_by, p.note, p.reason, p.warnings, p.override_reason
FROM records_prescription p JOIN records_visit v ON v.id = p.visit_id
WHERE p.patient_id = $1 AND (p.issued_at, p.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR p.hospital_id = $4)
  AND NOT EXISTS (SELECT 1 FROM records_prescription s WHERE s.supersedes = p.id)
ORDER BY p.issued_at DESC, p.id DESC LIMIT $5
