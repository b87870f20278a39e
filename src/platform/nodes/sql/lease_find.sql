SELECT until_at FROM platform_lease WHERE part = $1 AND node = $2 AND until_at > /*pg COALESCE((extract(epoch FROM clock_timestamp()) * 1000)::bigint, */ $3 /*pg ) */
