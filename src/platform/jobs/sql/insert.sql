INSERT INTO platform_job (kind, due_at, payload, created_at, trace) VALUES ($1, $2, $3, $4, $5)
