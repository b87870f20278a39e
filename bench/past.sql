-- The past of a platform with 6,000 doctors as tables of this session, which the scripts beside it turn into rows:
-- :appointments visits, in five years 1,800,000, of :patients people. Each fifth is of the first twelve doctors, who
-- see sixteen a day; the others see one a week. Of ten visits eight were kept, one was cancelled and one missed.
CREATE TEMP TABLE past_number AS
WITH RECURSIVE counter(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM counter WHERE n < :appointments - 1)
SELECT n FROM counter;
CREATE TEMP TABLE past_patient AS
SELECT 1000000 + n AS id, n, n % 200 + 1 AS hospital_id, given, family, '+919' || (100000000 + n) AS phone
FROM past_number
JOIN (SELECT 0 AS g, 'Aditi' AS given UNION ALL SELECT 1, 'Rakesh' UNION ALL SELECT 2, 'Shalini'
      UNION ALL SELECT 3, 'Imtiaz' UNION ALL SELECT 4, 'Gurpreet' UNION ALL SELECT 5, 'Vivek'
      UNION ALL SELECT 6, 'Leela' UNION ALL SELECT 7, 'Anil' UNION ALL SELECT 8, 'Hema' UNION ALL SELECT 9, 'Yusuf'
      UNION ALL SELECT 10, 'Kiran') AS givens ON g = n % 11
JOIN (SELECT 0 AS f, 'Kulkarni' AS family UNION ALL SELECT 1, 'Yadav' UNION ALL SELECT 2, 'Menon'
      UNION ALL SELECT 3, 'Khan' UNION ALL SELECT 4, 'Kaur' UNION ALL SELECT 5, 'Iyer' UNION ALL SELECT 6, 'Joshi'
      UNION ALL SELECT 7, 'Thomas' UNION ALL SELECT 8, 'Mishra' UNION ALL SELECT 9, 'Patel'
      UNION ALL SELECT 10, 'Reddy' UNION ALL SELECT 11, 'Banerjee' UNION ALL SELECT 12, 'Nair') AS families
  ON f = n / 11 % 13
WHERE n < :patients;
CREATE TEMP TABLE past_practice AS
SELECT doctor_id, min(hospital_id) AS hospital_id FROM directory_practice GROUP BY doctor_id;
CREATE TEMP TABLE past_person AS
SELECT max(user_id) AS guest_id FROM identity_login WHERE login = 'demo.patient';
CREATE TEMP TABLE past_visit AS
SELECT (p.doctor_id << 26) + 100000 + k AS id, p.doctor_id, p.hospital_id, n, k,
  (:today - 1 - day) * 86400000 + 12600000 + slot * 1200000 AS starts_at,
  CASE n % 10 WHEN 3 THEN 'noshow' WHEN 6 THEN 'cancelled' ELSE 'fulfilled' END AS status,
  CASE WHEN n % 3000 = 0 THEN guest_id ELSE 1000000 + n * 7919 % :patients END AS patient_id
FROM (SELECT n, n % 12 + 1 AS doctor_id, n / 60 AS k, n / 60 / 16 AS day, n / 60 % 16 AS slot
      FROM (SELECT n / 5 AS n5, n FROM past_number WHERE n % 5 = 0) AS fifth
      UNION ALL
      SELECT n, m % 5988 + 13, m / 5988, m / 5988 * 7, m % 5988 % 16
      FROM (SELECT n - n / 5 - 1 AS m, n FROM past_number WHERE n % 5 <> 0) AS rest) AS v
JOIN past_practice p ON p.doctor_id = v.doctor_id CROSS JOIN past_person;
