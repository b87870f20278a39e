SELECT id, hospital_id, name FROM directory_department WHERE id = $1
