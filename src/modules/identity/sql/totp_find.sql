SELECT sealed, confirmed_at, last_step, failures, tried_at FROM identity_totp WHERE user_id = $1
