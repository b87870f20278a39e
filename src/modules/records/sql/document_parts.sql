SELECT content FROM records_document_part WHERE document_id = $1 ORDER BY number
