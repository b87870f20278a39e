-- scan: of 10,000 rows at most
DELETE FROM platform_error WHERE last_at < $1
