SELECT hash FROM identity_password WHERE user_id = $1
