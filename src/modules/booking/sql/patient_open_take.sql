-- adds: counts the hold that is added
INSERT INTO booking_patient_open (patient_id, open_count) VALUES ($1, 1)
ON CONFLICT (patient_id) DO UPDATE SET open_count = booking_patient_open.open_count + 1 WHERE booking_patient_open.open_count < $2
