-- scan: fairward check reads everything
SELECT id FROM booking_appointment WHERE status = 'arrived' OR status = 'fulfilled' OR status = 'noshow' OR status = 'cancelled' ORDER BY id
