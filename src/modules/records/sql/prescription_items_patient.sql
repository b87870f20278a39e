-- The medicines of the same page.
-- scan: the page, which has no more rows than its limit
SELECT i.prescription_id, i.medicine, i.dose, i.frequency, i.duration_days, i.quantity, i.instructions
FROM (SELECT p.id FROM records_prescription p
  WHERE p.patient_id = $1 AND (p.issued_at, p.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR p.hospital_id = $4)
    AND NOT EXISTS (SELECT 1 FROM records_prescription s WHERE s.supersedes = p.id)
  ORDER BY p.issued_at DESC, p.id DESC LIMIT $5) AS page
JOIN records_prescription_item i ON i.prescription_id = page.id
ORDER BY i.prescription_id, i.position
