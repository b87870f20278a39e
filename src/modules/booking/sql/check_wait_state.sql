-- scan: fairward check reads everything
SELECT id FROM booking_wait
WHERE (status = 'waiting' AND (appointment_id IS NOT NULL OR ended_at IS NOT NULL))
  OR ((status = 'booked' OR status = 'lapsed') AND appointment_id IS NULL)
  OR (status <> 'waiting' AND status <> 'offered' AND ended_at IS NULL)
  OR expires_at <= joined_at OR to_at <= from_at
