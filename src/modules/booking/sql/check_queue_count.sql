-- scan: fairward check reads everything
SELECT doctor_id FROM (
  SELECT doctor_id, 1 AS n FROM booking_wait WHERE status = 'waiting'
  UNION ALL SELECT doctor_id, -waiting FROM booking_doctor_queue) AS q
GROUP BY doctor_id HAVING SUM(n) <> 0
