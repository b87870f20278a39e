-- No row when the one that it supersedes has been superseded.
INSERT INTO records_prescription (supersedes, visit_id, patient_id, hospital_id, doctor_id, issued_at, issued_by, note, reason,
  warnings, override_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (supersedes) DO NOTHING
RETURNING id
