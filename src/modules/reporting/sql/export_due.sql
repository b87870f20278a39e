SELECT id FROM reporting_export WHERE status = 'done' AND expires_at <= $1 ORDER BY expires_at LIMIT 100
