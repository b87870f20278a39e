-- scan: read once at start, to fill memory
SELECT d.id, d.title, d.given_name, d.family_name, d.full_name, d.speciality_id, d.qualification, d.practising_since, d.languages, d.bio,
       d.image_url, d.telephone, d.email, d.rating_sum, d.rating_count, d.status, d.is_demo, d.version
FROM directory_doctor AS d
ORDER BY d.id
