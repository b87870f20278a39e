SELECT e.id, e.patient_id, e.doctor_id, e.hospital_id, e.user_id, e.reason, e.granted_at, e.expires_at, e.reviewed_at, e.reviewed_by,
  e.is_justified, e.review_note
FROM records_emergency_access e WHERE e.id = $1 /*pg FOR UPDATE */
