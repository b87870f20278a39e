SELECT id FROM booking_wait WHERE patient_id = $1 AND status = 'waiting' ORDER BY joined_at DESC, id DESC LIMIT 1
