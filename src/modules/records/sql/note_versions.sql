SELECT number, written_at, reason FROM records_note WHERE visit_id = $1 ORDER BY number DESC
