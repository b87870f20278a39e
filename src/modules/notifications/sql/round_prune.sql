-- scan: a few rows a day and zone, looked through once an hour
DELETE FROM notifications_round WHERE begun_at < $1
