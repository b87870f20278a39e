-- No row when it is there already with these words.
INSERT INTO records_icd10 (code, words) VALUES ($1, $2)
ON CONFLICT (code) DO UPDATE SET words = excluded.words WHERE records_icd10.words <> excluded.words
RETURNING code
