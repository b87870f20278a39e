-- scan: start-up reads the partial index of those who wait
SELECT id, doctor_id, ticket, expires_at FROM booking_wait WHERE status = 'waiting' ORDER BY doctor_id, ticket
