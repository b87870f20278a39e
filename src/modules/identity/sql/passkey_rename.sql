UPDATE identity_passkey SET name = $3 WHERE id = $1 AND user_id = $2
