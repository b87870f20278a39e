SELECT 1 FROM directory_practice WHERE department_id = $1 LIMIT 1
