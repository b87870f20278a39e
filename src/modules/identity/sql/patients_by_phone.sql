-- Families share a phone: several patients may come back. Hospital 0: of every hospital.
SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email, u.birth_on, u.sex
FROM identity_user u
WHERE u.phone = $1 AND u.role = 'patient' AND u.id > $3
  AND (CAST($2 AS BIGINT) = 0 OR u.hospital_id = $2)
  AND (CAST($4 AS TEXT) IS NULL OR u.name_key LIKE $4 ESCAPE '\')
ORDER BY u.id
LIMIT $5
