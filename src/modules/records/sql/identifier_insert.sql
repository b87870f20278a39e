-- No row when somebody has this number.
INSERT INTO records_identifier (patient_id, kind, hospital_id, value, value_key, added_at, added_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (value_key, kind, hospital_id) WHERE ended_at IS NULL DO NOTHING
RETURNING id
