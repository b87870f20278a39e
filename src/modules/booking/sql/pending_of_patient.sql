SELECT id FROM booking_appointment WHERE patient_id = $1 AND status = 'pending' ORDER BY id DESC LIMIT 1
