-- Files whose parts are not as long as they must be: four letters for three bytes.
-- scan: fairward check reads everything
SELECT d.id FROM records_document d
LEFT JOIN (SELECT document_id, SUM(length(content)) AS letters FROM records_document_part GROUP BY document_id) p
  ON p.document_id = d.id
WHERE p.letters IS NULL OR p.letters <> (d.bytes * 4 + 2) / 3
ORDER BY d.id
