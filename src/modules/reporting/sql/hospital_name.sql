SELECT name FROM report_hospital WHERE id = $1
