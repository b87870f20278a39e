UPDATE notifications_call SET status = $2, attempts = $3, http_status = $4, error = $5, due_at = $6, ended_at = $7
WHERE id = $1
