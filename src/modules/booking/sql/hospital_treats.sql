-- Has the patient had or got an appointment at the hospital, that was not called off?
SELECT id FROM booking_appointment
WHERE patient_id = $1 AND hospital_id = $2 AND status <> 'pending' AND status <> 'cancelled' AND status <> 'expired'
LIMIT 1
