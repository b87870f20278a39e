-- scan: of what an index finds, no more than that many are counted
SELECT count(*) FROM (SELECT 1 AS one FROM report_treatment
  WHERE hospital_id = $1 AND starts_at >= $2 AND starts_at < $3 LIMIT $4) AS counted
