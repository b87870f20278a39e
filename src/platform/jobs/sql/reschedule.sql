UPDATE platform_job SET due_at = $2, last_error = $3 WHERE id = $1
