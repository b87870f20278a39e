INSERT INTO booking_slot_claim (doctor_id, cell, appointment_id) VALUES ($1, $2, $3)
