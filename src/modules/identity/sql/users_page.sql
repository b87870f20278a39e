SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email, u.birth_on, u.sex
FROM identity_user u
WHERE u.id > $1
  AND (CAST($2 AS TEXT) IS NULL OR u.role = $2)
  AND (CAST($3 AS TEXT) IS NULL OR u.status = $3)
ORDER BY u.id
LIMIT $4
