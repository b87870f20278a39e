UPDATE identity_totp SET confirmed_at = $3, last_step = $2 WHERE user_id = $1 AND confirmed_at IS NULL
