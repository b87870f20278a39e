INSERT INTO identity_word (hospital_id, word, user_id) SELECT hospital_id, $2, id FROM identity_user WHERE id = $1
ON CONFLICT DO NOTHING
