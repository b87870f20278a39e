SELECT count(*) FROM report_hold WHERE lapses_at > $1
