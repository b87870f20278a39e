DELETE FROM reporting_export_page WHERE export_id = $1
