INSERT INTO booking_wait (doctor_id, ticket, hospital_id, patient_id, from_at, to_at, slots, status, joined_at, expires_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, 1) RETURNING id
