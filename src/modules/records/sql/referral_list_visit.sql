-- The newest versions.
SELECT r.id, r.supersedes, (SELECT s.id FROM records_referral s WHERE s.supersedes = r.id), v.appointment_id, r.visit_id, r.patient_id,
  r.hospital_id, r.doctor_id, r.to_speciality_id, r.to_doctor_id, r.to_hospital_id, r.urgency, r.reason, r.made_at, r.made_by,
  r.correction_reason, r.is_withdrawn
FROM records_referral r JOIN records_visit v ON v.id = r.visit_id
WHERE r.visit_id = $1 AND NOT EXISTS (SELECT 1 FROM records_referral s WHERE s.supersedes = r.id)
ORDER BY r.made_at, r.id
