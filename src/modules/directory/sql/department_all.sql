-- scan: read once at start, to fill memory
SELECT id, hospital_id, name FROM directory_department ORDER BY hospital_id, name_key
