INSERT INTO records_emergency_access (patient_id, doctor_id, hospital_id, user_id, reason, granted_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id
