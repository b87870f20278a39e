-- A record number that its hospital has not given yet.
-- scan: fairward check reads everything
SELECT i.id FROM records_identifier i LEFT JOIN records_mrn m ON m.hospital_id = i.hospital_id
WHERE i.kind = 'mrn' AND m.hospital_id IS NULL ORDER BY i.id
