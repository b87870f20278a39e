-- A patient's visits, the newest first, with their newest notes. Hospital 0: of every hospital.
SELECT v.id, v.appointment_id, v.doctor_id, v.hospital_id, v.starts_at, v.closed_at, n.id, n.temperature_c, n.pulse,
  n.systolic, n.diastolic, n.respiration, n.saturation, n.weight_kg, n.height_cm, n.follow_up_on
FROM records_visit v
LEFT JOIN records_note n ON n.visit_id = v.id
  AND n.number = (SELECT max(m.number) FROM records_note m WHERE m.visit_id = v.id)
WHERE v.patient_id = $1 AND (v.starts_at, v.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR v.hospital_id = $4)
ORDER BY v.starts_at DESC, v.id DESC LIMIT $5
