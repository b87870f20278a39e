-- scan: fairward check reads everything
SELECT id FROM platform_idempotency WHERE status < 200 OR status > 599
