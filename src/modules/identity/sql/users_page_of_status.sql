-- scan: of the active, nearly all are; the others are in an index of their own
SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email,
  (SELECT l.login FROM identity_login l WHERE l.user_id = u.id ORDER BY CASE l.kind WHEN 'logon_id' THEN 0 WHEN 'email' THEN 1 ELSE 2 END, l.login LIMIT 1)
FROM identity_user u
WHERE u.status = $1 AND u.id > $2 AND (CAST($3 AS TEXT) IS NULL OR u.role = $3)
ORDER BY u.id
LIMIT $4
