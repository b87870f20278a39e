SELECT COUNT(*) FROM identity_reset WHERE login_key = $1 AND created_at > $2
