-- The newest versions.
SELECT t.id, t.supersedes, (SELECT s.id FROM records_test_order s WHERE s.supersedes = t.id), v.appointment_id, t.visit_id, t.patient_id,
  t.hospital_id, t.doctor_id, t.code, t.name, t.note, t.urgency, t.ordered_at, t.ordered_by, t.correction_reason, t.is_withdrawn
FROM records_test_order t JOIN records_visit v ON v.id = t.visit_id
WHERE t.patient_id = $1 AND (t.ordered_at, t.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR t.hospital_id = $4)
  AND NOT EXISTS (SELECT 1 FROM records_test_order s WHERE s.supersedes = t.id)
ORDER BY t.ordered_at DESC, t.id DESC LIMIT $5
