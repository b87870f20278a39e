SELECT due_at, claimed_until, good_at, good_name, good_bytes, failed_at, failed_why FROM platform_backup WHERE id = 1
