INSERT INTO records_test_order (visit_id, patient_id, hospital_id, doctor_id, code, name, note, urgency, ordered_at, ordered_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id
