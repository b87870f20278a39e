-- scan: start-up fills the bitmaps, one range of the key a doctor
SELECT c.cell, CASE WHEN a.status = 'pending' THEN 1 ELSE 0 END
FROM booking_slot_claim c JOIN booking_appointment a ON a.id = c.appointment_id
WHERE c.doctor_id = $1 AND c.cell >= $2
