-- scan: fairward check reads everything
SELECT w.id FROM booking_wait w LEFT JOIN (
  SELECT wait_id, SUM(CASE WHEN kind = 'joined' THEN 1 ELSE 0 END) AS joined, MIN(ticket) AS ticket_low,
    MAX(ticket) AS ticket_high, MIN(doctor_id) AS doctor_low, MAX(doctor_id) AS doctor_high
  FROM booking_ledger WHERE wait_id IS NOT NULL GROUP BY wait_id) AS l ON l.wait_id = w.id
WHERE l.wait_id IS NULL OR l.joined <> 1 OR l.ticket_low <> w.ticket OR l.ticket_high <> w.ticket
  OR l.doctor_low <> w.doctor_id OR l.doctor_high <> w.doctor_id
