SELECT content FROM reporting_export_page WHERE export_id = $1 ORDER BY number
