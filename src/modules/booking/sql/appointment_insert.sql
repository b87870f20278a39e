-- On PostgreSQL the doctor's next number, which the lock of the doctor's queue row makes ours alone.
INSERT INTO booking_appointment (/*pg id, */ doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots,
  fee_minor, currency, reason, created_at, expires_at, lapses_at, wait_id, version)
VALUES (
  /*pg COALESCE((SELECT a.id FROM booking_appointment a WHERE a.doctor_id = $1 ORDER BY a.id DESC LIMIT 1), $1 << 26) + 1, */
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1) RETURNING id
