-- scan: fairward check reads everything
SELECT id FROM booking_appointment
WHERE status = 'pending' AND (expires_at IS NULL OR lapses_at IS NULL OR expires_at <= created_at OR lapses_at < expires_at)
