-- This node is there. The instant is the database's where it has a clock of its own, else the caller's.
INSERT INTO platform_node (id, name, started_at, seen_at) VALUES ($1, $2, $3, /*pg COALESCE((extract(epoch FROM clock_timestamp()) * 1000)::bigint, */ $4 /*pg ) */)
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
