SELECT p.id, p.supersedes, (SELECT s.id FROM records_prescription s WHERE s.supersedes = p.id), v.appointment_id, p.visit_id, p.patient_id,
  p.hospital_id, p.doctor_id, p.issued_at, p.issued_by, p.note, p.reason, p.warnings, p.override_reason
FROM records_prescription p JOIN records_visit v ON v.id = p.visit_id WHERE p.id = $1
