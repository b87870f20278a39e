-- scan: fairward check reads everything
SELECT id FROM notifications_delivery WHERE status = 'waiting' ORDER BY id
