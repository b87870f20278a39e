SELECT h.id, h.hospital_id, h.kind, h.at, h.words, h.value, h.value_words, h.unit, h.status, h.author, h.place
FROM records_history h
WHERE h.patient_id = $1 AND (h.at, h.id) < ($2, $3) AND (CAST($4 AS BIGINT) = 0 OR h.hospital_id = $4)
ORDER BY h.at DESC, h.id DESC LIMIT $5
