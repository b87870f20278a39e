SELECT id, at, kind, wait_id, ticket, appointment_id, starts_at, reason FROM booking_ledger
WHERE doctor_id = $1 AND id > $2 ORDER BY id LIMIT $3
