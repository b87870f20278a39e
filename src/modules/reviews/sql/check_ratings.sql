-- scan: fairward check reads everything
SELECT doctor_id, SUM(rating), COUNT(*) FROM reviews_review WHERE is_hidden = 0 GROUP BY doctor_id ORDER BY doctor_id
