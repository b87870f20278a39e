SELECT id FROM directory_doctor WHERE speciality_id = $1 ORDER BY id
