INSERT INTO directory_postal_code (code, latitude, longitude, city, state) VALUES ($1, $2, $3, $4, $5)
