INSERT INTO platform_error (node, hour_at, message, operation, code, reason, trace_id, first_at, last_at, repeats)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (hour_at, node, message, operation, code, reason)
DO UPDATE SET repeats = platform_error.repeats + excluded.repeats, trace_id = excluded.trace_id, last_at = excluded.last_at
