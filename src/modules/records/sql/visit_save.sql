UPDATE records_visit SET draft = $2, version = version + 1 WHERE id = $1
