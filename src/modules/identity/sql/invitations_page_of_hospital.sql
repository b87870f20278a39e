SELECT id, role, name, login, hospital_id, doctor_id, nonce, created_at, expires_at, accepted_at, withdrawn_at
FROM identity_invitation
WHERE hospital_id = $1 AND id > $2 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3
ORDER BY id
LIMIT $4
