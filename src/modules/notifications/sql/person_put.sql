INSERT INTO notifications_person (person_id, language, time_zone, quiet_from_minute, quiet_to_minute, version)
VALUES ($1, $2, $3, $4, $5, 1)
ON CONFLICT (person_id) DO UPDATE SET language = excluded.language, time_zone = excluded.time_zone,
  quiet_from_minute = excluded.quiet_from_minute, quiet_to_minute = excluded.quiet_to_minute,
  version = notifications_person.version + 1
