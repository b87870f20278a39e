SELECT e.id, e.patient_id, e.doctor_id, e.hospital_id, e.user_id, e.reason, e.granted_at, e.expires_at, e.reviewed_at, e.reviewed_by,
  e.is_justified, e.review_note
FROM records_emergency_access e
WHERE e.hospital_id = $1 AND (e.granted_at, e.id) < ($2, $3)
  AND (CAST($4 AS BIGINT) = 0 OR e.reviewed_at IS NULL)
ORDER BY e.granted_at DESC, e.id DESC LIMIT $5
