-- No row when another request for the payable came first.
INSERT INTO billing_payment (payable_kind, payable_id, payer_id, hospital_id, status, method, amount_minor, currency,
  gateway_reference, sandbox_outcome, expires_at, requested_at)
VALUES ($1, $2, $3, $4, 'requested', $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (payable_kind, payable_id)
  WHERE status = 'requested' OR status = 'captured' OR status = 'settled' DO NOTHING
RETURNING id
