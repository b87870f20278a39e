-- scan: fairward check reads everything
SELECT id FROM directory_hospital ORDER BY id
