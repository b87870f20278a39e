SELECT id, name, state FROM directory_city WHERE id = $1
