-- scan: fairward check reads everything
SELECT id FROM booking_appointment WHERE status = 'fulfilled' ORDER BY id
