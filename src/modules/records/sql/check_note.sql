-- A closed visit has notes 1 … n, each superseding the one before; an open one has none.
-- scan: fairward check reads everything
SELECT v.id FROM records_visit v
LEFT JOIN (SELECT visit_id, COUNT(*) AS notes, MAX(number) AS newest FROM records_note GROUP BY visit_id) c
  ON c.visit_id = v.id
WHERE (v.closed_at IS NULL AND c.notes IS NOT NULL) OR (v.closed_at IS NOT NULL AND c.notes IS NULL)
  OR c.notes <> c.newest
ORDER BY v.id
