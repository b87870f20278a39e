-- Payments through the gateway, and which of its messages were heard.

-- The words are compared one by one: of a list SQLite would make a table at every insert and update.
CREATE TABLE billing_payment (
  id {id},
  payable_kind {text} NOT NULL,
  payable_id {i64} NOT NULL,
  payer_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64},
  status {text} NOT NULL CHECK (status = 'requested' OR status = 'captured' OR status = 'settled'
    OR status = 'failed' OR status = 'refund_due' OR status = 'refunded'),
  method {text} NOT NULL,
  amount_minor {i64} NOT NULL CHECK (amount_minor > 0),
  currency {text} NOT NULL CHECK (length(currency) = 3),
  gateway_reference {text} NOT NULL UNIQUE,
  gateway_id {text} NOT NULL DEFAULT '',
  sandbox_outcome {text} NOT NULL DEFAULT '',
  expires_at {i64} NOT NULL,
  requested_at {i64} NOT NULL,
  answered_at {i64},
  captured_at {i64},
  refunded_at {i64},
  version {i64} NOT NULL DEFAULT 1,
  CHECK ((status = 'captured' OR status = 'settled' OR status = 'refund_due' OR status = 'refunded')
    = (captured_at IS NOT NULL)),
  CHECK ((status = 'refunded') = (refunded_at IS NOT NULL))
){strict};
-- Paying twice is not possible: a payable has at most one payment that is open or kept.
CREATE UNIQUE INDEX billing_payment_one ON billing_payment (payable_kind, payable_id)
  WHERE status = 'requested' OR status = 'captured' OR status = 'settled';
CREATE INDEX billing_payment_payable ON billing_payment (payable_kind, payable_id, id);
CREATE INDEX billing_payment_unsettled ON billing_payment (captured_at) WHERE status IN ('captured', 'refund_due');

-- The gateway may say a thing twice: the second time is not heard.
CREATE TABLE billing_gateway_message (
  webhook_id {text} NOT NULL PRIMARY KEY,
  at {i64} NOT NULL
){strict_without_rowid};
CREATE INDEX billing_gateway_message_at ON billing_gateway_message (at);
