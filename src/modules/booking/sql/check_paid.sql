-- scan: fairward check reads everything
SELECT id, fee_minor FROM booking_appointment
WHERE (status = 'booked' OR status = 'arrived' OR status = 'fulfilled' OR status = 'noshow')
  AND channel <> 'staff' AND fee_minor > 0
ORDER BY id
