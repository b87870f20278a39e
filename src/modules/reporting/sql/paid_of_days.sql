SELECT captured_at, currency, amount_minor FROM report_payment
WHERE hospital_id = $1 AND captured_at >= $2 AND captured_at < $3
