-- scan: 64 rows
UPDATE platform_lease SET until_at = 0 WHERE node = $1
