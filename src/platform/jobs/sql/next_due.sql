SELECT due_at FROM platform_job WHERE kind = $1 ORDER BY due_at, id LIMIT 1
