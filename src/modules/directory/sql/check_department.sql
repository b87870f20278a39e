-- scan: fairward check reads everything
SELECT p.id FROM directory_practice p JOIN directory_department d ON d.id = p.department_id
WHERE d.hospital_id <> p.hospital_id
