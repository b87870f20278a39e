-- The diagnoses in the newest notes of the same visits.
-- scan: the page, which has no more rows than its limit
SELECT d.note_id, d.code, d.words, d.kind
FROM (SELECT v.id FROM records_visit v
  WHERE v.patient_id = $1 AND (v.starts_at, v.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR v.hospital_id = $4)
  ORDER BY v.starts_at DESC, v.id DESC LIMIT $5) AS page
JOIN records_note n ON n.visit_id = page.id
  AND n.number = (SELECT max(m.number) FROM records_note m WHERE m.visit_id = page.id)
JOIN records_diagnosis d ON d.note_id = n.id
ORDER BY d.note_id, d.position
