-- The people who work there; its patients have a list of their own.
SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email,
  (SELECT l.login FROM identity_login l WHERE l.user_id = u.id ORDER BY CASE l.kind WHEN 'logon_id' THEN 0 WHEN 'email' THEN 1 ELSE 2 END, l.login LIMIT 1)
FROM identity_user u
WHERE u.hospital_id = $1 AND u.role <> 'patient' AND u.id > $2
  AND (CAST($3 AS TEXT) IS NULL OR u.role = $3)
  AND (CAST($4 AS TEXT) IS NULL OR u.status = $4)
  AND (CAST($5 AS TEXT) IS NULL OR u.name_key LIKE $5 ESCAPE '\' OR u.phone LIKE $6 ESCAPE '\' OR u.email LIKE $6 ESCAPE '\'
    OR EXISTS (SELECT 1 FROM identity_login l WHERE l.user_id = u.id AND l.login LIKE $6 ESCAPE '\'))
ORDER BY u.id
LIMIT $7
