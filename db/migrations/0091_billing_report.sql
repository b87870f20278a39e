-- What others may read of payments: money that came in, and when it went back. Both instants are written once.
CREATE VIEW report_payment AS
SELECT id, hospital_id, currency, amount_minor, captured_at, refunded_at FROM billing_payment WHERE captured_at IS NOT NULL;

CREATE INDEX billing_payment_captured_of ON billing_payment (hospital_id, captured_at) WHERE captured_at IS NOT NULL;
CREATE INDEX billing_payment_refunded_of ON billing_payment (hospital_id, refunded_at) WHERE refunded_at IS NOT NULL;
