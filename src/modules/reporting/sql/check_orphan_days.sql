-- scan: fairward check reads everything
SELECT DISTINCT d.hospital_id FROM reporting_day d
WHERE NOT EXISTS (SELECT 1 FROM reporting_hospital h WHERE h.hospital_id = d.hospital_id AND d.day_on < h.closed_before_on)
ORDER BY 1
