UPDATE directory_hospital
SET city_id = $3, name = $4, name_key = $5, address = $6, postal_code = $7, latitude = $8, longitude = $9, time_zone = $10,
    phone = $11, is_active = $12, version = version + 1
WHERE id = $1 AND version = $2
