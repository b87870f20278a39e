SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email, u.birth_on, u.sex
FROM identity_user u
WHERE u.role = 'patient' AND u.id > $1
ORDER BY u.id
LIMIT $2
