-- scan: a row a node
SELECT count(*) FROM platform_node WHERE seen_at > /*pg COALESCE((extract(epoch FROM clock_timestamp()) * 1000)::bigint, */ $1 /*pg ) */ - $2
