UPDATE records_visit SET version = version + 1 WHERE id = $1
