SELECT words FROM records_history WHERE patient_id = $1 AND kind = 'medicine' AND status = 'active' ORDER BY words
