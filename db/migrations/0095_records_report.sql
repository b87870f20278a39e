-- What others may read of finished visits, in their newest version, for those who may read the records: whoever gives it
-- out asks who may, and says whom it concerned.
CREATE VIEW report_treatment AS
SELECT v.id, v.appointment_id, v.doctor_id, v.hospital_id, v.patient_id, v.starts_at, n.id AS note_id, n.number AS version,
  n.complaint, n.examination, n.notes, n.advice, n.follow_up_on
FROM records_visit v
JOIN records_note n ON n.visit_id = v.id AND n.number = (SELECT max(m.number) FROM records_note m WHERE m.visit_id = v.id)
WHERE v.closed_at IS NOT NULL;

CREATE VIEW report_diagnosis AS SELECT note_id, position, code, words FROM records_diagnosis;

-- Of prescriptions that nothing supersedes.
CREATE VIEW report_medicine AS
SELECT p.visit_id, p.id AS prescription_id, i.position, i.medicine, i.dose, i.frequency, i.duration_days, i.quantity
FROM records_prescription p JOIN records_prescription_item i ON i.prescription_id = p.id
WHERE NOT EXISTS (SELECT 1 FROM records_prescription later WHERE later.supersedes = p.id);

-- Two records that were found to be one person's.
CREATE VIEW report_merge AS SELECT kept_id, merged_id FROM records_merge WHERE undone_at IS NULL;
