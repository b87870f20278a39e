-- scan: pending rows are not in the hospital's index; all that there are at the moment are looked through
SELECT id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots, fee_minor, currency, reason,
  created_at, expires_at, lapses_at, wait_id, ended_at, end_reason, version
FROM booking_appointment
WHERE status <> 'pending' AND hospital_id = $1 AND starts_at >= $2 AND starts_at < $3
  AND (CAST($4 AS TEXT) IS NULL OR status = $4) AND (starts_at, id) > ($5, $6)
UNION ALL
SELECT id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots, fee_minor, currency, reason,
  created_at, expires_at, lapses_at, wait_id, ended_at, end_reason, version
FROM booking_appointment
WHERE status = 'pending' AND hospital_id = $1 AND starts_at >= $2 AND starts_at < $3
  AND (CAST($4 AS TEXT) IS NULL OR status = $4) AND (starts_at, id) > ($5, $6)
ORDER BY starts_at, id LIMIT $7
