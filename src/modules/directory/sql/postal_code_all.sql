-- scan: read once at start, to fill memory
SELECT code, latitude, longitude, city, state FROM directory_postal_code
