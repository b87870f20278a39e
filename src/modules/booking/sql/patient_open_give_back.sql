UPDATE booking_patient_open SET open_count = open_count - 1 WHERE patient_id = $1
