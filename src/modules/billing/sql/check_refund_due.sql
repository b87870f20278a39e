-- scan: fairward check reads everything
SELECT id FROM billing_payment WHERE status = 'refund_due' ORDER BY id
