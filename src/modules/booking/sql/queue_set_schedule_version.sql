UPDATE booking_doctor_queue SET schedule_version = $2 WHERE doctor_id = $1
