DELETE FROM directory_department WHERE id = $1
