SELECT nonce, expires_at, used_at FROM identity_code WHERE id = $1
