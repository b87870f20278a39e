-- Those who have a word that begins with the longest of the words ($6 to below $7) or with all that was typed ($8, $9).
SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email,
  (SELECT l.login FROM identity_login l WHERE l.user_id = u.id ORDER BY CASE l.kind WHEN 'logon_id' THEN 0 WHEN 'email' THEN 1 ELSE 2 END, l.login LIMIT 1)
FROM identity_user u
WHERE u.id IN (SELECT w.user_id FROM identity_word w WHERE w.word >= $6 AND w.word < $7
    UNION SELECT w.user_id FROM identity_word w WHERE w.word >= $8 AND w.word < $9)
  AND u.id > $1
  AND (CAST($2 AS TEXT) IS NULL OR u.role = $2)
  AND (CAST($3 AS TEXT) IS NULL OR u.status = $3)
  AND (u.name_key LIKE $4 ESCAPE '\' OR u.phone LIKE $5 ESCAPE '\' OR u.email LIKE $5 ESCAPE '\'
    OR EXISTS (SELECT 1 FROM identity_login l WHERE l.user_id = u.id AND l.login LIKE $5 ESCAPE '\'))
ORDER BY u.id
LIMIT $10
