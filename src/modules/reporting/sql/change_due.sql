-- scan: what has changed since the last look, the oldest first
SELECT c.hospital_id, c.day_on FROM reporting_change c
JOIN reporting_hospital h ON h.hospital_id = c.hospital_id AND c.day_on < h.closed_before_on
ORDER BY c.id LIMIT $1
