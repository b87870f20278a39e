-- scan: fairward check reads everything
SELECT id FROM billing_payment WHERE status = 'requested' ORDER BY id
