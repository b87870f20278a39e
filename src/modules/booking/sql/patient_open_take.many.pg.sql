-- A patient named twice is an error of the database. The rows are locked in the order of the patients.
INSERT INTO booking_patient_open (patient_id, open_count)
SELECT patient_id, 1 FROM unnest($1::bigint[]) AS u (patient_id) ORDER BY patient_id
ON CONFLICT (patient_id) DO UPDATE SET open_count = booking_patient_open.open_count + 1
WHERE booking_patient_open.open_count < ($2::bigint[])[array_position($1::bigint[], booking_patient_open.patient_id)]
RETURNING array_position($1::bigint[], patient_id)
