-- A pending appointment owns claims: it is found by them.
SELECT id, doctor_id, starts_at, ends_at, expires_at, lapses_at FROM booking_appointment
WHERE status = 'pending' AND doctor_id = $1 AND id IN (SELECT appointment_id FROM booking_slot_claim WHERE doctor_id = $1 AND cell >= $2)
ORDER BY lapses_at, id
