-- scan: of 10,000 rows at most; the newest are met first
SELECT id, first_at, last_at, repeats, node, message, operation, code, reason, trace_id
FROM platform_error
WHERE id < $1 AND last_at >= $2 AND ($3 = '' OR code = $3)
ORDER BY id DESC LIMIT $4
