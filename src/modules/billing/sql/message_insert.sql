-- 0 rows when the message was heard before.
INSERT INTO billing_gateway_message (webhook_id, at) VALUES ($1, $2) ON CONFLICT (webhook_id) DO NOTHING
