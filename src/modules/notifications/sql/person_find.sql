SELECT language, time_zone, quiet_from_minute, quiet_to_minute, version FROM notifications_person WHERE person_id = $1
