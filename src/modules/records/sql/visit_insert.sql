-- No row when the appointment has its visit already.
INSERT INTO records_visit (appointment_id, doctor_id, hospital_id, patient_id, starts_at, opened_at, opened_by, draft, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
ON CONFLICT (appointment_id) DO NOTHING
RETURNING id
