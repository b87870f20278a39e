SELECT id, doctor_id, ticket, hospital_id, patient_id, from_at, to_at, slots, status, joined_at, expires_at, appointment_id, ended_at, version
FROM booking_wait
WHERE doctor_id = $1 AND status = 'waiting' AND hospital_id IS NOT DISTINCT FROM $2 AND from_at = $3 AND to_at = $4 AND slots = $5
ORDER BY ticket LIMIT 1
