-- Has the patient an appointment with the doctor from then on, that was not called off? NOT IN, and SQLite goes by the patient.
SELECT id FROM booking_appointment
WHERE patient_id = $1 AND starts_at >= $2 AND doctor_id = $3
  AND status NOT IN ('pending', 'cancelled', 'expired')
LIMIT 1
