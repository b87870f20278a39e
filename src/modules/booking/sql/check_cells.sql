-- scan: fairward check reads everything
SELECT a.id FROM booking_appointment a
LEFT JOIN (SELECT appointment_id, COUNT(*) AS cells FROM booking_slot_claim GROUP BY appointment_id) AS c
  ON c.appointment_id = a.id
WHERE a.status <> 'cancelled' AND a.status <> 'expired'
  AND (a.ends_at - a.starts_at) / 300000 <> COALESCE(c.cells, 0)
