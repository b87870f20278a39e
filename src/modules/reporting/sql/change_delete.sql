DELETE FROM reporting_change WHERE id = $1
