UPDATE reporting_export
SET status = 'running', source_id = $2, after_at = $3, after_id = $4, is_read = $5, done = $6, total = $7
WHERE id = $1
