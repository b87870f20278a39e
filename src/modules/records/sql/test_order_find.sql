SELECT t.id, t.supersedes, (SELECT s.id FROM records_test_order s WHERE s.supersedes = t.id), v.appointment_id, t.visit_id, t.patient_id,
  t.hospital_id, t.doctor_id, t.code, t.name, t.note, t.urgency, t.ordered_at, t.ordered_by, t.correction_reason, t.is_withdrawn
FROM records_test_order t JOIN records_visit v ON v.id = t.visit_id WHERE t.id = $1
