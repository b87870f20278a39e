DELETE FROM booking_slot_claim WHERE doctor_id = $1 AND cell >= $2 AND cell < $3 AND appointment_id = $4
