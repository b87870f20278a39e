UPDATE reporting_export SET status = 'done', total = done, expires_at = $2 WHERE id = $1
