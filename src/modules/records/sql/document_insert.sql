-- No row when the patient has these bytes already.
INSERT INTO records_document (patient_id, hospital_id, kind, name, media_type, bytes, sha256, added_at, added_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (patient_id, sha256) DO NOTHING
RETURNING id
