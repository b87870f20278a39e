-- scan: everybody who has arrived
SELECT appointment_id FROM reception_arrival ORDER BY appointment_id
