-- scan: who waits now, in an index of them. A wish without a hospital is for each at which the doctor practises.
SELECT count(*) FROM report_wait w
WHERE w.expires_at > $1 AND (w.hospital_id = $2 OR (w.hospital_id IS NULL AND EXISTS (
  SELECT 1 FROM report_practice p WHERE p.doctor_id = w.doctor_id AND p.hospital_id = $2)))
