INSERT INTO directory_hospital
  (city_id, name, name_key, address, postal_code, latitude, longitude, time_zone, phone, source, source_key, is_demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id
