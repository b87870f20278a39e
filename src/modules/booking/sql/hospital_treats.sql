-- Has the patient had or got an appointment at the hospital, that was not called off? NOT IN, and SQLite goes by the patient.
SELECT id FROM booking_appointment
WHERE patient_id = $1 AND hospital_id = $2 AND status NOT IN ('pending', 'cancelled', 'expired')
LIMIT 1
