SELECT id, doctor_id, ticket, hospital_id, patient_id, from_at, to_at, slots, status, joined_at, expires_at, appointment_id, ended_at, version
FROM booking_wait WHERE id = $1 /*pg AND doctor_id = $1 >> 26 */
