UPDATE directory_postal_code SET latitude = $2, longitude = $3, city = $4, state = $5 WHERE code = $1
