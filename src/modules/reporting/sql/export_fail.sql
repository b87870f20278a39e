UPDATE reporting_export SET status = 'failed', error = $2 WHERE id = $1
