INSERT INTO reporting_export_page (export_id, number, content)
SELECT CAST($1 AS BIGINT), coalesce(max(number), 0) + 1, CAST($2 AS TEXT) FROM reporting_export_page WHERE export_id = $1
