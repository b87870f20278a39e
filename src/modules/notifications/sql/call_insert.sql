-- No row when the address has been told of it.
INSERT INTO notifications_call (endpoint_id, event, kind, body, status, attempts, created_at, due_at)
VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $5)
ON CONFLICT (endpoint_id, event) DO NOTHING
RETURNING id
