-- scan: fairward check reads everything
SELECT id FROM billing_payment WHERE status = 'captured'
