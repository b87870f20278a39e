-- Of the newest versions of notes, by day: CROSS JOIN, so that SQLite goes by the days and not by all visits ever.
SELECT n.id, v.appointment_id, v.patient_id, v.doctor_id, v.hospital_id, v.starts_at, n.follow_up_on
FROM records_note n CROSS JOIN records_visit v
WHERE v.id = n.visit_id AND n.follow_up_on >= $2 AND n.follow_up_on <= $3 AND (n.follow_up_on, n.id) > ($4, $5) AND v.hospital_id = $1
  AND NOT EXISTS (SELECT 1 FROM records_note s WHERE s.supersedes = n.id)
ORDER BY n.follow_up_on, n.id LIMIT $6
