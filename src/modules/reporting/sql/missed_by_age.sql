-- scan: what was imported, whole, is what is asked for. Hospital 0: of all. Bands of ten years, the last without end.
SELECT CASE WHEN age < 80 THEN age / 10 * 10 ELSE 80 END AS band, count(*), CAST(sum(is_missed) AS BIGINT)
FROM reporting_outcome WHERE (CAST($1 AS BIGINT) = 0 OR hospital_id = $1) AND visit_on >= $2 AND visit_on < $3 AND age IS NOT NULL
GROUP BY 1 ORDER BY 1
