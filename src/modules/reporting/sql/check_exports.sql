-- scan: fairward check reads everything
SELECT e.id FROM reporting_export e
WHERE (e.status = 'done' AND (e.done <> e.total OR (e.done > 0 AND NOT EXISTS (
    SELECT 1 FROM reporting_export_page p WHERE p.export_id = e.id))))
  OR ((e.status = 'failed' OR e.status = 'expired') AND EXISTS (
    SELECT 1 FROM reporting_export_page p WHERE p.export_id = e.id))
ORDER BY e.id
