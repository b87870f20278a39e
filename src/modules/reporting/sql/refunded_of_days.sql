SELECT refunded_at, currency, amount_minor FROM report_payment
WHERE hospital_id = $1 AND refunded_at >= $2 AND refunded_at < $3
