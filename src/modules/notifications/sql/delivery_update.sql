UPDATE notifications_delivery SET status = $2, attempts = $3, error = $4, due_at = $5, ended_at = $6 WHERE id = $1
