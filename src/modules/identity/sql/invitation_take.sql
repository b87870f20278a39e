UPDATE identity_invitation SET accepted_at = $3, user_id = $2
WHERE id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3
