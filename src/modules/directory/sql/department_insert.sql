INSERT INTO directory_department (hospital_id, name, name_key) VALUES ($1, $2, $3)
ON CONFLICT (hospital_id, name_key) DO NOTHING
RETURNING id
