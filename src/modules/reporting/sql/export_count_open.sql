SELECT count(*) FROM reporting_export WHERE user_id = $1 AND (status = 'queued' OR status = 'running')
