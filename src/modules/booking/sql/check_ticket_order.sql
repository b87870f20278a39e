-- scan: fairward check reads everything
SELECT id FROM (
  SELECT id, ticket, LAG(ticket) OVER (PARTITION BY doctor_id ORDER BY id) AS ticket_before FROM booking_wait) AS w
WHERE ticket_before >= ticket
