-- scan: read once at start, to fill memory
SELECT id, name FROM directory_speciality ORDER BY id
