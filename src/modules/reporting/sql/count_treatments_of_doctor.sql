-- scan: of what an index finds, no more than that many are counted
SELECT count(*) FROM (SELECT 1 AS one FROM report_treatment
  WHERE doctor_id = $1 AND starts_at >= $2 AND starts_at < $3 AND (CAST($4 AS BIGINT) = 0 OR hospital_id = $4) LIMIT $5) AS counted
