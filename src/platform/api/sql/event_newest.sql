SELECT max(id) FROM platform_event
