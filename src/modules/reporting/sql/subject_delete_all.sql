DELETE FROM reporting_export_subject WHERE export_id = $1
