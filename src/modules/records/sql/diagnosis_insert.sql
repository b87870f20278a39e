INSERT INTO records_diagnosis (note_id, position, code, words, kind) VALUES ($1, $2, $3, $4, $5)
