INSERT INTO records_source (source_key, patient_id) VALUES ($1, $2)
