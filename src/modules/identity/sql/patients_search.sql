-- Those with a word from $3 to below $4 whose name fits the pattern.
SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email, u.birth_on, u.sex
FROM identity_user u
WHERE u.id IN (SELECT w.user_id FROM identity_word w WHERE w.word >= $3 AND w.word < $4)
  AND u.role = 'patient' AND u.id > $1 AND u.name_key LIKE $2 ESCAPE '\'
ORDER BY u.id
LIMIT $5
