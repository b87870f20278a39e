DELETE FROM reporting_export_source WHERE export_id = $1
