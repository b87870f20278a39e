-- No row when the one that it supersedes has been superseded.
INSERT INTO records_allergy (supersedes, patient_id, hospital_id, doctor_id, recorded_at, recorded_by, substance, reaction,
  severity, status, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (supersedes) DO NOTHING
RETURNING id
