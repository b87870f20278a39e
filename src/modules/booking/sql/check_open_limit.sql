-- scan: fairward check reads everything
SELECT patient_id FROM (
  SELECT patient_id FROM booking_appointment WHERE status = 'pending'
  UNION ALL SELECT patient_id FROM booking_wait WHERE status = 'waiting') AS o
GROUP BY patient_id HAVING COUNT(*) > $1
