-- scan: fairward check reads everything
SELECT c.appointment_id FROM booking_slot_claim c LEFT JOIN booking_appointment a ON a.id = c.appointment_id
WHERE a.id IS NULL OR a.status = 'cancelled' OR a.status = 'expired' OR a.doctor_id <> c.doctor_id
  OR c.cell < a.starts_at / 300000 OR c.cell >= a.ends_at / 300000
