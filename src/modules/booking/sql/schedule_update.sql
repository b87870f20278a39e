UPDATE booking_schedule SET minimum_notice_minutes = $2, max_booking_days = $3, version = $4 WHERE doctor_id = $1
