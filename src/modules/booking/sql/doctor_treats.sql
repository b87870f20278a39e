-- Has the patient an appointment with the doctor from then on, that was not called off?
SELECT id FROM booking_appointment
WHERE patient_id = $1 AND starts_at >= $2 AND doctor_id = $3
  AND status <> 'pending' AND status <> 'cancelled' AND status <> 'expired'
LIMIT 1
