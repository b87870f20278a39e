SELECT minimum_notice_minutes, max_booking_days, version FROM booking_schedule WHERE doctor_id = $1
