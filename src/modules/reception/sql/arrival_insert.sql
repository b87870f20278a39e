INSERT INTO reception_arrival (appointment_id, doctor_id, hospital_id, patient_id, arrived_on, token, arrived_at, due_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
