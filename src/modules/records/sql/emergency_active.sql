SELECT id FROM records_emergency_access WHERE doctor_id = $1 AND patient_id = $2 AND expires_at > $3 LIMIT 1
