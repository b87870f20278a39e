INSERT INTO reporting_export_source (export_id, source_id) VALUES ($1, $2)
