SELECT used_on, calls, refused FROM identity_api_usage WHERE key_id = $1 AND used_on > $2 ORDER BY used_on DESC
