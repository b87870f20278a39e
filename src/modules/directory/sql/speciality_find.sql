SELECT id, name FROM directory_speciality WHERE id = $1
