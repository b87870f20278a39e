DELETE FROM platform_node WHERE id = $1
