DELETE FROM identity_login WHERE user_id = $1 AND login <> $2
