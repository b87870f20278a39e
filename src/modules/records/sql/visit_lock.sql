SELECT v.id, v.appointment_id, v.doctor_id, v.hospital_id, v.patient_id, v.starts_at, v.opened_at, v.closed_at, v.draft, v.version
FROM records_visit v WHERE v.appointment_id = $1 /*pg FOR UPDATE */
