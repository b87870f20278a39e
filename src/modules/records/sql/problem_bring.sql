-- No row when it was brought before.
INSERT INTO records_problem (patient_id, hospital_id, recorded_at, code, words, began_on, status, source_key)
VALUES ($1, NULLIF(CAST($2 AS BIGINT), 0), $3, $4, $5, $6, $7, $8)
ON CONFLICT (source_key) DO NOTHING
RETURNING id
