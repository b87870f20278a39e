-- scan: of what the limit has let through, a hundred rows at most
SELECT count(*) FROM (
  SELECT id FROM notifications_message WHERE person_id = $1 AND is_shown = 1 AND read_at IS NULL
  ORDER BY id DESC LIMIT $2) AS newest
