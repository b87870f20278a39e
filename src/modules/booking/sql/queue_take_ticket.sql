UPDATE booking_doctor_queue SET next_ticket = next_ticket + 1, waiting = waiting + 1 WHERE doctor_id = $1
RETURNING next_ticket - 1
