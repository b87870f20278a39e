-- On PostgreSQL the doctor's next number, which the lock of the doctor's queue row makes ours alone.
INSERT INTO booking_wait (/*pg id, */ doctor_id, ticket, hospital_id, patient_id, from_at, to_at, slots, status, joined_at, expires_at, version)
VALUES (
  /*pg COALESCE((SELECT w.id FROM booking_wait w WHERE w.doctor_id = $1 ORDER BY w.id DESC LIMIT 1), $1 << 26) + 1, */
  $1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, 1) RETURNING id
