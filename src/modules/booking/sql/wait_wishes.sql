SELECT hospital_id, from_at, to_at, slots, MIN(ticket) FROM booking_wait
WHERE doctor_id = $1 AND status = 'waiting' GROUP BY hospital_id, from_at, to_at, slots ORDER BY MIN(ticket)
