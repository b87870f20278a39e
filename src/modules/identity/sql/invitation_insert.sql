INSERT INTO identity_invitation (role, name, login, hospital_id, doctor_id, nonce, invited_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING id
