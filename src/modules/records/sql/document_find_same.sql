SELECT d.id, d.patient_id, d.hospital_id, d.kind, d.name, d.media_type, d.bytes, d.sha256, d.added_at FROM records_document d WHERE d.patient_id = $1 AND d.sha256 = $2
