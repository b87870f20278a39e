UPDATE platform_lease SET until_at = 0 WHERE part = $1 AND node = $2
