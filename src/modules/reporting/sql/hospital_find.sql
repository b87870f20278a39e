SELECT time_zone FROM report_hospital WHERE id = $1
