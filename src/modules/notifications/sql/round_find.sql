SELECT begun_at FROM notifications_round WHERE kind = $1 AND place = $2 AND round_on = $3
