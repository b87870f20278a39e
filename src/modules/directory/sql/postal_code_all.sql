SELECT code, latitude, longitude, city, state FROM directory_postal_code
