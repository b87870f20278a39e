INSERT INTO booking_doctor_queue (doctor_id, next_ticket, waiting, schedule_version) VALUES ($1, 1, 0, $2)
