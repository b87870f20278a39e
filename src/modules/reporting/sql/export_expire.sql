UPDATE reporting_export SET status = 'expired' WHERE id = $1 AND status = 'done'
