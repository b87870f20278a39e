SELECT id FROM directory_hospital WHERE time_zone = $1 AND id > $2 ORDER BY id LIMIT $3
