-- scan: fairward check reads everything
SELECT patient_id FROM (
  SELECT patient_id, 1 AS n FROM booking_appointment WHERE status = 'pending'
  UNION ALL SELECT patient_id, 1 FROM booking_wait WHERE status = 'waiting'
  UNION ALL SELECT patient_id, -open_count FROM booking_patient_open) AS o
GROUP BY patient_id HAVING SUM(n) <> 0
