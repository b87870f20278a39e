SELECT id FROM booking_appointment WHERE patient_id = $1 AND status = 'pending' ORDER BY created_at DESC, id DESC LIMIT 1
