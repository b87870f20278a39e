SELECT d.id, d.patient_id, d.hospital_id, d.kind, d.name, d.media_type, d.bytes, d.sha256, d.added_at FROM records_document d
WHERE d.patient_id = $1 AND (d.added_at, d.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR d.hospital_id = $4)
ORDER BY d.added_at DESC, d.id DESC LIMIT $5
