-- scan: fairward check reads everything
SELECT w.id FROM booking_wait w LEFT JOIN booking_appointment a ON a.id = w.appointment_id
WHERE w.status = 'offered' AND (a.id IS NULL OR a.status <> 'pending' OR a.wait_id IS DISTINCT FROM w.id
  OR a.doctor_id <> w.doctor_id OR a.patient_id <> w.patient_id)
UNION
SELECT a.wait_id FROM booking_appointment a LEFT JOIN booking_wait w ON w.id = a.wait_id
WHERE a.status = 'pending' AND a.wait_id IS NOT NULL
  AND (w.id IS NULL OR w.status <> 'offered' OR w.appointment_id IS DISTINCT FROM a.id)
