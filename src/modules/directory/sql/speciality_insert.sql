INSERT INTO directory_speciality (name, name_key) VALUES ($1, $2)
ON CONFLICT (name_key) DO NOTHING
RETURNING id
