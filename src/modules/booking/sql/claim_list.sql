SELECT c.cell, a.id, a.status FROM booking_slot_claim c JOIN booking_appointment a ON a.id = c.appointment_id
WHERE c.doctor_id = $1 AND c.cell >= $2 AND c.cell < $3 ORDER BY c.cell
