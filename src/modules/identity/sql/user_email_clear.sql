UPDATE identity_user SET email = NULL, changed_at = $2 WHERE id = $1
