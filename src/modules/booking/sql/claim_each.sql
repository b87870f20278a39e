-- scan: start-up fills the bitmaps, one range of the key a doctor
SELECT c.cell, CASE (SELECT a.status FROM booking_appointment a WHERE a.doctor_id = $1 AND a.id = c.appointment_id)
    WHEN 'pending' THEN 1 ELSE 0 END
FROM booking_slot_claim c WHERE c.doctor_id = $1 AND c.cell >= $2
