UPDATE records_visit SET draft = NULL, closed_at = $2, closed_by = $3, version = version + 1
WHERE id = $1 AND closed_at IS NULL
