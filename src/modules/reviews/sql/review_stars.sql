SELECT rating, count(*) FROM reviews_review WHERE doctor_id = $1 AND is_hidden = 0 GROUP BY rating
