SELECT source_id FROM reporting_export_source WHERE export_id = $1 ORDER BY source_id
