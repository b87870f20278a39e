-- scan: of 10,000 rows at most
SELECT code, CAST(sum(repeats) AS BIGINT), max(last_at) FROM platform_error WHERE last_at >= $1
GROUP BY code ORDER BY 2 DESC, code
