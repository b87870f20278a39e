SELECT kind, login FROM identity_login WHERE user_id = $1
