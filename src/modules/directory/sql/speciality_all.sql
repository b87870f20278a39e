SELECT id, name FROM directory_speciality ORDER BY id
