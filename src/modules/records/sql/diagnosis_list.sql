SELECT code, words, kind FROM records_diagnosis WHERE note_id = $1 ORDER BY position
