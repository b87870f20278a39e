-- Nobody asks how many.
INSERT INTO booking_slot_claim (doctor_id, cell, appointment_id)
SELECT doctor_id, cell, appointment_id
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (doctor_id, cell, appointment_id)
