-- scan: fairward check reads everything
SELECT session_id FROM identity_refresh_token WHERE used_at IS NULL GROUP BY session_id HAVING COUNT(*) > 1
