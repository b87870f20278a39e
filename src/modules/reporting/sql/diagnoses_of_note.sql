SELECT code, words FROM report_diagnosis WHERE note_id = $1 ORDER BY position
