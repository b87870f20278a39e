-- scan: 64 rows
UPDATE platform_lease SET until_at = /*pg COALESCE((extract(epoch FROM clock_timestamp()) * 1000)::bigint, */ $2 /*pg ) */ + $3 WHERE node = $1 AND until_at > /*pg COALESCE((extract(epoch FROM clock_timestamp()) * 1000)::bigint, */ $2 /*pg ) */ RETURNING part
