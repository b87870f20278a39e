SELECT id, role, name, login, hospital_id, doctor_id, nonce, created_at, expires_at, accepted_at, withdrawn_at
FROM identity_invitation
WHERE id = $1
