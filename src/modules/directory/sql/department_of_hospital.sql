SELECT id, hospital_id, name FROM directory_department WHERE hospital_id = $1 ORDER BY name_key
