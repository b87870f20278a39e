-- Pending rows are not in the doctor's index: they are found by their claims from $9 on. cell = instant / 300000.
SELECT id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots, fee_minor, currency, reason,
  created_at, expires_at, lapses_at, wait_id, ended_at, end_reason, version
FROM booking_appointment
WHERE status <> 'pending' AND doctor_id = $1 AND starts_at >= $2 AND starts_at < $3
  AND (CAST($4 AS TEXT) IS NULL OR status = $4) AND (CAST($5 AS BIGINT) IS NULL OR hospital_id = $5) AND (starts_at, id) > ($6, $7)
UNION ALL
SELECT id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots, fee_minor, currency, reason,
  created_at, expires_at, lapses_at, wait_id, ended_at, end_reason, version
FROM booking_appointment
WHERE status = 'pending' AND doctor_id = $1 AND starts_at >= $9 AND starts_at < $3 AND id IN (
    SELECT appointment_id FROM booking_slot_claim WHERE doctor_id = $1 AND cell >= $9 / 300000 AND cell <= $3 / 300000)
  AND (CAST($4 AS TEXT) IS NULL OR status = $4) AND (CAST($5 AS BIGINT) IS NULL OR hospital_id = $5) AND (starts_at, id) > ($6, $7)
ORDER BY starts_at, id LIMIT $8
