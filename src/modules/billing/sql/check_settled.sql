-- scan: fairward check reads everything
SELECT payable_id, amount_minor FROM billing_payment WHERE payable_kind = $1 AND status = 'settled' ORDER BY payable_id
