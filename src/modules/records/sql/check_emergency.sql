-- A review before the access, or by whom it is about.
-- scan: fairward check reads everything
SELECT id FROM records_emergency_access WHERE reviewed_at < granted_at OR reviewed_by = user_id ORDER BY id
