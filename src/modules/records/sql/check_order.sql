-- Referrals and orders of tests that are not their visit's, or supersede those of another visit, or later ones.
-- scan: fairward check reads everything
SELECT r.id FROM records_referral r JOIN records_visit v ON v.id = r.visit_id
LEFT JOIN records_referral o ON o.id = r.supersedes
WHERE r.patient_id <> v.patient_id OR r.doctor_id <> v.doctor_id OR r.hospital_id <> v.hospital_id
  OR (r.supersedes IS NOT NULL AND (o.id IS NULL OR o.visit_id <> r.visit_id OR o.made_at > r.made_at))
UNION ALL
SELECT t.id FROM records_test_order t JOIN records_visit v ON v.id = t.visit_id
LEFT JOIN records_test_order o ON o.id = t.supersedes
WHERE t.patient_id <> v.patient_id OR t.doctor_id <> v.doctor_id OR t.hospital_id <> v.hospital_id
  OR (t.supersedes IS NOT NULL AND (o.id IS NULL OR o.visit_id <> t.visit_id OR o.ordered_at > t.ordered_at))
