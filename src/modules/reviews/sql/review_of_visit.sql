SELECT id FROM reviews_review WHERE appointment_id = $1
