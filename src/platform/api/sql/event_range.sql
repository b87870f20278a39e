SELECT (SELECT min(id) FROM platform_event), (SELECT max(id) FROM platform_event)
