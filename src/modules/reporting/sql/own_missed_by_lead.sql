-- The first day of each span of days between booking and visit.
SELECT CASE WHEN (starts_at - created_at) / 86400000 < 1 THEN 0 WHEN (starts_at - created_at) / 86400000 < 4 THEN 1 WHEN (starts_at - created_at) / 86400000 < 8 THEN 4 WHEN (starts_at - created_at) / 86400000 < 15 THEN 8 WHEN (starts_at - created_at) / 86400000 < 31 THEN 15 ELSE 31 END AS lead,
  count(*), CAST(sum(CASE WHEN status = 'noshow' THEN 1 ELSE 0 END) AS BIGINT)
FROM report_visit WHERE hospital_id = $1 AND starts_at >= $2 AND starts_at < $3 AND (status = 'fulfilled' OR status = 'noshow')
GROUP BY 1 ORDER BY 1
