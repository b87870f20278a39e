-- The payment that counts: the one that is open or kept, else the newest. Comparisons, because of a list SQLite would
-- make a table.
SELECT id, payable_kind, payable_id, payer_id, status, method, amount_minor, currency, requested_at
FROM billing_payment
WHERE payable_kind = $1 AND payable_id = $2
ORDER BY CASE WHEN status = 'requested' OR status = 'captured' OR status = 'settled' THEN 0 ELSE 1 END, id DESC
LIMIT 1
