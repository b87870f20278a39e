-- scan: fairward check reads everything
SELECT wait_id FROM (
  SELECT wait_id, ticket, LAG(ticket) OVER (PARTITION BY doctor_id ORDER BY id) AS ticket_before
  FROM booking_ledger WHERE kind = 'joined') AS l
WHERE ticket_before >= ticket
