-- Those with an appointment with the doctor from then on, that was not called off.
SELECT DISTINCT patient_id FROM booking_appointment
WHERE doctor_id = $1 AND starts_at >= $2 AND status <> 'pending' AND status <> 'cancelled' AND status <> 'expired'
  AND patient_id > $3
ORDER BY patient_id LIMIT $4
