-- scan: start-up reads the partial index of pending holds
SELECT id, doctor_id, starts_at, ends_at, expires_at, lapses_at FROM booking_appointment WHERE status = 'pending' ORDER BY lapses_at, id
