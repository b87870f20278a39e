SELECT id FROM directory_city WHERE name_key = $1 AND state_key = $2
