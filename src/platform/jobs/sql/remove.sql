DELETE FROM platform_job WHERE id = $1
