-- Hospital 0: of every one.
SELECT t.id, t.note_id, t.hospital_id, t.doctor_id, t.patient_id, t.starts_at, t.version, t.complaint, t.examination, t.notes, t.advice, t.follow_up_on
FROM report_treatment t
WHERE t.doctor_id = $1 AND (t.starts_at, t.id) > ($2, $3) AND t.starts_at < $4 AND (CAST($5 AS BIGINT) = 0 OR t.hospital_id = $5)
ORDER BY t.starts_at, t.id LIMIT $6
