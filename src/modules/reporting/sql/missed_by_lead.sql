-- scan: what was imported, whole, is what is asked for. Hospital 0: of all. The first day of each span of days.
SELECT CASE WHEN lead_days < 1 THEN 0 WHEN lead_days < 4 THEN 1 WHEN lead_days < 8 THEN 4 WHEN lead_days < 15 THEN 8 WHEN lead_days < 31 THEN 15 ELSE 31 END AS lead,
  is_reminded, count(*), CAST(sum(is_missed) AS BIGINT)
FROM reporting_outcome WHERE (CAST($1 AS BIGINT) = 0 OR hospital_id = $1) AND visit_on >= $2 AND visit_on < $3
GROUP BY 1, 2 ORDER BY 1, 2
