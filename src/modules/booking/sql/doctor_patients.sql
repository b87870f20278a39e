-- Those with an appointment with the doctor from then on, that was not called off: the newest visit that has begun, and
-- the next that has not.
SELECT patient_id, max(CASE WHEN starts_at <= $3 AND status <> 'noshow' THEN starts_at END),
  min(CASE WHEN starts_at > $3 THEN starts_at END)
FROM booking_appointment
WHERE doctor_id = $1 AND starts_at >= $2 AND status <> 'pending' AND status <> 'cancelled' AND status <> 'expired'
  AND patient_id > $4
GROUP BY patient_id ORDER BY patient_id LIMIT $5
