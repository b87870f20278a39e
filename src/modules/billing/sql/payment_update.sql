-- Moves a payment on; no change unless it is still at the version that was read.
UPDATE billing_payment
SET status = $3, gateway_id = $4, answered_at = $5, captured_at = $6, refunded_at = $7, version = version + 1
WHERE id = $1 AND version = $2
