DELETE FROM identity_password WHERE user_id = $1
