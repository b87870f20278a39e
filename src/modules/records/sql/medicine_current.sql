-- What is being taken by the newest versions of prescriptions. Hospital 0: of every hospital.
SELECT p.id, i.medicine, i.dose, i.frequency, p.issued_at, i.duration_days
FROM records_prescription p JOIN records_prescription_item i ON i.prescription_id = p.id
WHERE p.patient_id = $1 AND (i.duration_days IS NULL OR p.issued_at + i.duration_days * 86400000 > $2)
  AND (CAST($3 AS BIGINT) = 0 OR p.hospital_id = $3)
  AND NOT EXISTS (SELECT 1 FROM records_prescription s WHERE s.supersedes = p.id)
ORDER BY p.issued_at, p.id, i.position
