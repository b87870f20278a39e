SELECT COUNT(*) FROM identity_invitation
WHERE invited_by = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2
