INSERT INTO booking_ledger (doctor_id, at, kind, wait_id, ticket, appointment_id, starts_at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
