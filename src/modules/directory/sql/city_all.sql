SELECT id, name, state FROM directory_city ORDER BY id
