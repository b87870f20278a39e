INSERT INTO directory_doctor
  (title, given_name, family_name, full_name, speciality_id, qualification, practising_since, languages, bio, image_url, telephone,
   email, rating_sum, rating_count, status, is_demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
RETURNING id
