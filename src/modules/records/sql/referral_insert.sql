-- No row when the one that it supersedes has been superseded.
INSERT INTO records_referral (supersedes, visit_id, patient_id, hospital_id, doctor_id, to_speciality_id, to_doctor_id,
  to_hospital_id, urgency, reason, made_at, made_by, correction_reason, is_withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (supersedes) DO NOTHING
RETURNING id
