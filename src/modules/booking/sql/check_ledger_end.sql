-- scan: fairward check reads everything
SELECT w.id FROM (SELECT wait_id, MAX(id) AS id FROM booking_ledger WHERE wait_id IS NOT NULL GROUP BY wait_id) AS newest
JOIN booking_wait w ON w.id = newest.wait_id
JOIN booking_ledger l ON l.doctor_id = w.doctor_id AND l.id = newest.id
WHERE l.kind <> CASE WHEN w.status = 'waiting' THEN 'joined' ELSE w.status END
