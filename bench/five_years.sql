-- The past of a platform with 6,000 doctors: :appointments kept appointments of two cells each, with their payments. Five
-- years are 1,800,000.
CREATE TEMP TABLE number AS
WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n < :appointments - 1) SELECT n FROM counter;
CREATE TEMP TABLE practice AS
SELECT doctor_id, min(hospital_id) AS hospital_id FROM directory_practice GROUP BY doctor_id;
CREATE UNIQUE INDEX temp.practice_doctor ON practice (doctor_id);
INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots,
  fee_minor, currency, created_at, expires_at, lapses_at, version)
SELECT 10000000 + n, doctor_id, hospital_id, 10 + n % 900, 10 + n % 900, 'web', 'fulfilled', day + hour, day + hour + 600000, 1,
  60000, 'INR', day - 86400000, day - 86400000 + 300000, day - 86400000 + 305000, 3
FROM (SELECT n, doctor_id, hospital_id, (:today - 1 - (n / 6000) * 6) * 86400000 AS day, (4 + n % 8) * 3600000 AS hour
      FROM number JOIN practice ON practice.doctor_id = n % 6000 + 1);
INSERT INTO booking_slot_claim (doctor_id, cell, appointment_id)
SELECT doctor_id, starts_at / 300000 + k, id FROM booking_appointment, (SELECT 0 AS k UNION ALL SELECT 1)
WHERE id >= 10000000 ORDER BY doctor_id, starts_at, k;
INSERT INTO billing_payment (payable_kind, payable_id, payer_id, hospital_id, status, method, amount_minor, currency,
  gateway_reference, gateway_id, expires_at, requested_at, answered_at, captured_at)
SELECT 'appointment', id, patient_id, hospital_id, 'settled', 'sandbox', fee_minor, currency, 'reference-' || id,
  'gateway-' || id, lapses_at, created_at, created_at + 900, created_at + 900
FROM booking_appointment WHERE id >= 10000000;
