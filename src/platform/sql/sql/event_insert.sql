-- One domain event of a call, in the call's own transaction.
INSERT INTO platform_event (topic, kind, payload, at, node) VALUES ($1, $2, $3, $4, $5) RETURNING id
