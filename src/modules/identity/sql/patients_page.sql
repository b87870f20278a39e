SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email, u.birth_on, u.sex
FROM identity_user u
WHERE u.role = 'patient' AND u.id > $1
  AND (CAST($2 AS TEXT) IS NULL OR u.name_key LIKE $2 ESCAPE '\')
ORDER BY u.id
LIMIT $3
