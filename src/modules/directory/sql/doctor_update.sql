UPDATE directory_doctor
SET title = $3, given_name = $4, family_name = $5, full_name = $6, speciality_id = $7, qualification = $8, practising_since = $9,
    languages = $10, bio = $11, image_url = $12, telephone = $13, email = $14, status = $15, version = version + 1
WHERE id = $1 AND version = $2
