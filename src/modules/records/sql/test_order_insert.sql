-- No row when the one that it supersedes has been superseded.
INSERT INTO records_test_order (supersedes, visit_id, patient_id, hospital_id, doctor_id, code, name, note, urgency, ordered_at,
  ordered_by, correction_reason, is_withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (supersedes) DO NOTHING
RETURNING id
