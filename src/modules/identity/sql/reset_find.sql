SELECT user_id, nonce, expires_at, used_at FROM identity_reset WHERE id = $1
