-- scan: what was imported, whole, is what is asked for. Hospital 0: of all. The areas with most visits.
SELECT area, count(*), CAST(sum(is_missed) AS BIGINT)
FROM reporting_outcome WHERE (CAST($1 AS BIGINT) = 0 OR hospital_id = $1) AND visit_on >= $2 AND visit_on < $3 AND area IS NOT NULL
GROUP BY area ORDER BY count(*) DESC, area LIMIT 20
