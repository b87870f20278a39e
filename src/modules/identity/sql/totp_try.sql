UPDATE identity_totp SET failures = failures + 1, tried_at = $2 WHERE user_id = $1
