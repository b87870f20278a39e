-- scan: fairward check reads everything
SELECT payable_id FROM billing_payment WHERE status = 'requested' OR status = 'captured' OR status = 'settled'
GROUP BY payable_kind, payable_id HAVING COUNT(*) > 1
