DELETE FROM notifications_calendar WHERE person_id = $1
