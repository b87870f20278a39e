INSERT INTO platform_job (kind, due_at, payload, created_at) VALUES ($1, $2, $3, $4)
