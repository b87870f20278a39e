-- No row when it was brought before.
INSERT INTO records_history (source_key, patient_id, hospital_id, kind, at, ended_at, code_system, code, words, value, value_words,
  unit, status, author, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (source_key) DO NOTHING
RETURNING id
