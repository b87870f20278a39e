-- Five years of appointments: patients, their visits with the cells they took, payments and refunds. After past.sql.
INSERT INTO identity_user (id, role, status, name, name_key, hospital_id, doctor_id, phone, birth_on, sex, created_at,
  changed_at)
SELECT id, 'patient', 'active', given || ' ' || family, lower(given || ' ' || family), hospital_id, 0, phone,
  (1930 + n * 7 % 90) || '-0' || (n % 9 + 1) || '-' || (10 + n % 18),
  CASE n % 2 WHEN 0 THEN 'female' ELSE 'male' END, (:today - 1825) * 86400000, (:today - 1825) * 86400000
FROM past_patient;
INSERT INTO identity_word (hospital_id, word, user_id)
SELECT hospital_id, lower(given), id FROM past_patient
UNION ALL SELECT hospital_id, lower(family), id FROM past_patient
UNION ALL SELECT hospital_id, phone, id FROM past_patient ORDER BY 1, 2, 3;
INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at,
  slots, fee_minor, currency, created_at, expires_at, lapses_at, ended_at, end_reason, version)
SELECT id, doctor_id, hospital_id, patient_id, patient_id, 'web', status, starts_at, starts_at + 600000, 1, 60000,
  'INR', starts_at - 86400000, starts_at - 86400000 + 300000, starts_at - 86400000 + 305000,
  CASE status WHEN 'cancelled' THEN starts_at - 43200000 END, CASE status WHEN 'cancelled' THEN 'patient' END, 3
FROM past_visit ORDER BY doctor_id, k;
INSERT INTO booking_slot_claim (doctor_id, cell, appointment_id)
SELECT doctor_id, starts_at / 300000 + half, id
FROM past_visit CROSS JOIN (SELECT 0 AS half UNION ALL SELECT 1) AS halves
WHERE status <> 'cancelled' ORDER BY doctor_id, starts_at, half;
INSERT INTO billing_payment (payable_kind, payable_id, payer_id, hospital_id, status, method, amount_minor, currency,
  gateway_reference, gateway_id, expires_at, requested_at, answered_at, captured_at, refunded_at)
SELECT 'appointment', id, patient_id, hospital_id, CASE status WHEN 'cancelled' THEN 'refunded' ELSE 'settled' END,
  'sandbox', 60000, 'INR', 'reference-' || id, 'gateway-' || id, starts_at - 86095000, starts_at - 86400000,
  starts_at - 86399100, starts_at - 86399100, CASE status WHEN 'cancelled' THEN starts_at - 43190000 END
FROM past_visit ORDER BY starts_at;
