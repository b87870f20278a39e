SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email,
  (SELECT l.login FROM identity_login l WHERE l.user_id = u.id ORDER BY CASE l.kind WHEN 'logon_id' THEN 0 WHEN 'email' THEN 1 ELSE 2 END, l.login LIMIT 1)
FROM identity_user u
WHERE u.id > $1 AND (CAST($2 AS TEXT) IS NULL OR u.role = $2)
ORDER BY u.id
LIMIT $3
