DELETE FROM booking_shift WHERE doctor_id = $1
