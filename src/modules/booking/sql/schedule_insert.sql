INSERT INTO booking_schedule (doctor_id, minimum_notice_minutes, max_booking_days, version) VALUES ($1, $2, $3, $4)
