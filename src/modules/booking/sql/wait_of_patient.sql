SELECT id FROM booking_wait WHERE patient_id = $1 AND status = 'waiting' ORDER BY id DESC LIMIT 1
