-- No row comes back when the doctor has a login already.
INSERT INTO identity_user (role, status, name, name_key, hospital_id, doctor_id, phone, email, birth_on, sex, added_by, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
ON CONFLICT DO NOTHING
RETURNING id
