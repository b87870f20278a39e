UPDATE identity_totp SET failures = 0 WHERE user_id = $1
