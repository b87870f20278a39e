-- RETURNING cannot tell for whom a row was inserted, so each gets its id before. A doctor named twice is an error of the
-- database: both would get the same number.
WITH asked AS MATERIALIZED (
  SELECT COALESCE((SELECT a.id FROM booking_appointment a WHERE a.doctor_id = u.doctor_id ORDER BY a.id DESC LIMIT 1),
      u.doctor_id << 26) + 1 AS id, u.*
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
      $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[])
    WITH ORDINALITY AS u (doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots,
      fee_minor, currency, reason, created_at, expires_at, lapses_at, wait_id, place)
), inserted AS (
  INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at,
    slots, fee_minor, currency, reason, created_at, expires_at, lapses_at, wait_id, version)
  SELECT id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots, fee_minor,
    currency, reason, created_at, expires_at, lapses_at, wait_id, 1 FROM asked
)
SELECT place, id FROM asked
