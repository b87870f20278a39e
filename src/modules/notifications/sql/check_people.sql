-- scan: fairward check reads everything
SELECT DISTINCT person_id FROM notifications_message WHERE person_id <> 0 ORDER BY person_id
