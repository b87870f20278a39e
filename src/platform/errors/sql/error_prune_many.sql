-- scan: of 10,000 rows and some at most
DELETE FROM platform_error
WHERE id <= (SELECT id FROM platform_error ORDER BY id DESC LIMIT 1 OFFSET $1)
