INSERT INTO directory_hospital
  (city_id, name, name_key, address, postal_code, latitude, longitude, time_zone, phone, source, is_demo, is_active, approval)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'application', 0, 0, 'pending')
RETURNING id
