DELETE FROM booking_exception WHERE id = $1 AND doctor_id = $2
