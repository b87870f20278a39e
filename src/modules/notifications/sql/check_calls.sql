-- scan: fairward check reads everything
SELECT id FROM notifications_call WHERE status = 'waiting' ORDER BY id
