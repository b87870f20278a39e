SELECT id, payable_kind, payable_id, payer_id, hospital_id, status, method, amount_minor, currency, gateway_reference, gateway_id,
  sandbox_outcome, expires_at, requested_at, answered_at, captured_at, refunded_at, version
FROM billing_payment WHERE id = $1 /*pg FOR UPDATE */
