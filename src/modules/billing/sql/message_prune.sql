DELETE FROM billing_gateway_message WHERE at < $1
