UPDATE directory_hospital
SET latitude = $2, longitude = $3, version = version + 1
WHERE postal_code = $1 AND latitude IS NULL
