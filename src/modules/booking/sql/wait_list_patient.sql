SELECT id, doctor_id, ticket, hospital_id, patient_id, from_at, to_at, slots, status, joined_at, expires_at, appointment_id, ended_at, version
FROM booking_wait WHERE patient_id = $1 AND (CAST($2 AS TEXT) IS NULL OR status = $2) AND (joined_at, id) < ($3, $4)
ORDER BY joined_at DESC, id DESC LIMIT $5
