-- scan: fairward check reads everything
SELECT p.id FROM records_prescription p JOIN records_visit v ON v.id = p.visit_id
LEFT JOIN records_prescription o ON o.id = p.supersedes
WHERE p.patient_id <> v.patient_id OR p.doctor_id <> v.doctor_id OR p.hospital_id <> v.hospital_id
  OR (p.supersedes IS NOT NULL AND (o.id IS NULL OR o.visit_id <> p.visit_id OR o.issued_at > p.issued_at))
  OR (p.supersedes IS NULL AND NOT EXISTS (SELECT 1 FROM records_prescription_item i WHERE i.prescription_id = p.id))
ORDER BY p.id
