INSERT INTO records_document_part (document_id, number, content) VALUES ($1, $2, $3)
