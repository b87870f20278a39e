-- The next hospital that has visits: a seek in the index for each.
SELECT min(hospital_id) FROM report_visit WHERE hospital_id > $1
