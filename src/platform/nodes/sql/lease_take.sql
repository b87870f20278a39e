-- What nobody holds any more, $4 parts at most.
-- scan: 64 rows
UPDATE platform_lease SET node = $1, until_at = /*pg COALESCE((extract(epoch FROM clock_timestamp()) * 1000)::bigint, */ $2 /*pg ) */ + $3
WHERE part IN (
  SELECT part FROM platform_lease WHERE until_at <= /*pg COALESCE((extract(epoch FROM clock_timestamp()) * 1000)::bigint, */ $2 /*pg ) */ ORDER BY part LIMIT $4 /*pg FOR UPDATE SKIP LOCKED */)
RETURNING part
