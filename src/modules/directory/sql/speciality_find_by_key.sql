SELECT id FROM directory_speciality WHERE name_key = $1
