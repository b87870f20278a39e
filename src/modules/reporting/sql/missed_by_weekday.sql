-- scan: what was imported, whole, is what is asked for. Hospital 0: of all.
SELECT weekday, count(*), CAST(sum(is_missed) AS BIGINT)
FROM reporting_outcome WHERE (CAST($1 AS BIGINT) = 0 OR hospital_id = $1) AND visit_on >= $2 AND visit_on < $3
GROUP BY weekday ORDER BY weekday
