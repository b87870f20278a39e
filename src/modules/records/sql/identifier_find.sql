SELECT id, patient_id, kind, hospital_id, value, added_at FROM records_identifier WHERE id = $1 AND ended_at IS NULL
