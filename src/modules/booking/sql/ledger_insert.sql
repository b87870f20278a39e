-- On PostgreSQL the doctor's next number, which the lock of the doctor's queue row makes ours alone.
INSERT INTO booking_ledger (/*pg id, */ doctor_id, at, kind, wait_id, ticket, appointment_id, starts_at, reason)
VALUES (
  /*pg COALESCE((SELECT l.id FROM booking_ledger l WHERE l.doctor_id = $1 ORDER BY l.id DESC LIMIT 1), 0) + 1, */
  $1, $2, $3, $4, $5, $6, $7, $8)
