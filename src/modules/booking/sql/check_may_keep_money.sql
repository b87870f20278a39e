-- scan: fairward check reads everything
-- A booking that was cancelled too late is not given back.
SELECT id FROM booking_appointment WHERE status <> 'pending' AND status <> 'expired' ORDER BY id
