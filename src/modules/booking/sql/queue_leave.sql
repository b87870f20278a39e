UPDATE booking_doctor_queue SET waiting = waiting - $2 WHERE doctor_id = $1
