INSERT INTO directory_city (name, name_key, state, state_key) VALUES ($1, $2, $3, $4)
ON CONFLICT (name_key, state_key) DO NOTHING
RETURNING id
