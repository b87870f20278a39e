-- scan: read once at start, to fill memory
SELECT id, name, state FROM directory_city ORDER BY id
