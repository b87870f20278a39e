-- scan: fairward check reads everything
SELECT n.id FROM records_note n LEFT JOIN records_note o ON o.id = n.supersedes
WHERE n.supersedes IS NOT NULL AND (o.id IS NULL OR o.visit_id <> n.visit_id OR o.number <> n.number - 1)
ORDER BY n.id
