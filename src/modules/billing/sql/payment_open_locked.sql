-- The one payment of the payable that is open or kept.
SELECT id, payable_kind, payable_id, payer_id, hospital_id, status, method, amount_minor, currency, gateway_reference, gateway_id,
  sandbox_outcome, expires_at, requested_at, answered_at, captured_at, refunded_at, version
FROM billing_payment
WHERE payable_kind = $1 AND payable_id = $2
  AND (status = 'requested' OR status = 'captured' OR status = 'settled') /*pg FOR UPDATE */
