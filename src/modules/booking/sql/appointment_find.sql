SELECT id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots, fee_minor, currency, reason,
  created_at, expires_at, lapses_at, wait_id, ended_at, end_reason, version
FROM booking_appointment WHERE id = $1 /*pg AND doctor_id = $1 >> 26 */
