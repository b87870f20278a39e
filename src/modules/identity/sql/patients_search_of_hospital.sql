-- As patients_search, of one hospital.
SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email, u.birth_on, u.sex
FROM identity_user u
WHERE u.id IN (SELECT w.user_id FROM identity_word w WHERE w.hospital_id = $1 AND w.word >= $4 AND w.word < $5)
  AND u.role = 'patient' AND u.id > $2 AND u.name_key LIKE $3 ESCAPE '\'
ORDER BY u.id
LIMIT $6
