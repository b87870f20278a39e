-- What the visits of five_years.sql left behind: arrivals, records, prescriptions, referrals, test orders, reviews, and
-- the messages of the half year in which they are kept. After past.sql and five_years.sql.
INSERT INTO reception_arrival (appointment_id, doctor_id, hospital_id, patient_id, arrived_on, token, arrived_at,
  due_at, made_by)
SELECT id, doctor_id, hospital_id, patient_id, :iso_date(starts_at),
  row_number() OVER (PARTITION BY doctor_id, hospital_id, starts_at / 86400000 ORDER BY starts_at),
  starts_at - 600000 + n % 7 * 120000, starts_at + 720000, patient_id
FROM past_visit WHERE status = 'fulfilled';
INSERT INTO reception_summons (arrival_id, called_at, room, made_by)
SELECT a.id, v.starts_at + v.n % 23 * 60000, 'Room ' || v.doctor_id % 9, a.made_by
FROM past_visit v JOIN reception_arrival a ON a.appointment_id = v.id;
INSERT INTO records_visit (appointment_id, doctor_id, hospital_id, patient_id, starts_at, opened_at, opened_by,
  closed_at, closed_by, version)
SELECT id, doctor_id, hospital_id, patient_id, starts_at, starts_at, guest_id, starts_at + 600000, guest_id, 2
FROM past_visit CROSS JOIN past_person WHERE status = 'fulfilled' ORDER BY starts_at;
CREATE TEMP TABLE past_record AS
SELECT r.id AS visit_id, v.n, v.doctor_id, v.hospital_id, v.patient_id, v.starts_at + 500000 AS at, guest_id AS by_id
FROM past_visit v JOIN records_visit r ON r.appointment_id = v.id CROSS JOIN past_person;
INSERT INTO records_note (visit_id, number, written_at, written_by, complaint, examination, notes, temperature_c, pulse,
  systolic, diastolic)
SELECT visit_id, 1, at, by_id, 'Fever and cough for ' || (n % 6 + 1) || ' days', 'Throat red, chest clear',
  'Rest, fluids, come again if it does not get better', 36.5 + n % 30 / 10.0, 60 + n % 50, 110 + n % 40, 70 + n % 20
FROM past_record ORDER BY visit_id;
INSERT INTO records_diagnosis (note_id, position, code, words, kind)
SELECT t.id, 1, 'J0' || n % 7, 'Acute infection of the upper airways', 'primary'
FROM past_record p JOIN records_note t ON t.visit_id = p.visit_id AND t.number = 1;
INSERT INTO records_prescription (visit_id, patient_id, hospital_id, doctor_id, issued_at, issued_by)
SELECT visit_id, patient_id, hospital_id, doctor_id, at, by_id FROM past_record WHERE n % 5 < 3 ORDER BY visit_id;
INSERT INTO records_prescription_item (prescription_id, position, medicine, dose, frequency, duration_days, quantity)
SELECT r.id, position, medicine, dose, frequency, 5, 15
FROM past_record p JOIN records_prescription r ON r.visit_id = p.visit_id
CROSS JOIN (SELECT 1 AS position, 'Paracetamol' AS medicine, '500 mg' AS dose, 'three times a day' AS frequency
            UNION ALL SELECT 2, 'Amoxicillin', '500 mg', 'three times a day') AS items;
INSERT INTO records_referral (visit_id, patient_id, hospital_id, doctor_id, to_speciality_id, to_doctor_id, urgency,
  reason, made_at, made_by)
SELECT visit_id, patient_id, hospital_id, doctor_id, 1, n % 97 + 1, 'routine', 'Please see', at, by_id
FROM past_record WHERE n % 20 = 1 ORDER BY visit_id;
INSERT INTO records_test_order (visit_id, patient_id, hospital_id, doctor_id, name, urgency, ordered_at, ordered_by)
SELECT visit_id, patient_id, hospital_id, doctor_id, 'Complete blood count', 'routine', at, by_id
FROM past_record WHERE n % 4 = 1 ORDER BY visit_id;
INSERT INTO records_allergy (patient_id, hospital_id, doctor_id, recorded_at, recorded_by, substance, severity, status)
SELECT patient_id, hospital_id, doctor_id, at, by_id, 'Penicillin', 'mild', 'active'
FROM past_record WHERE n % 50 = 7;
INSERT INTO reviews_review (appointment_id, doctor_id, hospital_id, patient_id, author, rating, words, visited_at,
  created_at, is_hidden, version)
SELECT id, doctor_id, hospital_id, patient_id, 'A.', 3 + n % 3, 'Took the time to explain', starts_at,
  starts_at + 86400000, 0, 1
FROM past_visit WHERE status = 'fulfilled' AND n % 20 = 4 ORDER BY starts_at;
UPDATE directory_doctor SET
  rating_sum = (SELECT COALESCE(sum(rating), 0) FROM reviews_review r
                WHERE is_hidden = 0 AND r.doctor_id = directory_doctor.id),
  rating_count = (SELECT count(*) FROM reviews_review r WHERE is_hidden = 0 AND r.doctor_id = directory_doctor.id);
INSERT INTO notifications_message (key, kind, person_id, hospital_id, facts, language, secret, is_shown, created_at,
  useless_at, read_at)
SELECT 'refund_done/' || id, 'refund_done', patient_id, hospital_id,
  '{"appointment":' || id || ',"amount_minor":60000,"currency":"INR"}', 'en', '', 1, starts_at - 43190000,
  starts_at, starts_at
FROM past_visit WHERE starts_at > (:today - 180) * 86400000 ORDER BY starts_at;
