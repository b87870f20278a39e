-- scan: who waits now, in an index of them
SELECT count(*) FROM report_wait WHERE expires_at > $1
