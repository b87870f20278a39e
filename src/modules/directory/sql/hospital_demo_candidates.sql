-- scan: only for making demonstration data
SELECT h.id, h.city_id, h.name, h.address, h.postal_code, h.latitude, h.longitude, h.time_zone, h.phone, h.source, h.source_key, h.is_demo, h.is_active, h.approval, h.version
FROM directory_hospital AS h
WHERE h.is_demo = 0
  AND h.approval = 'approved'
  AND NOT EXISTS (SELECT 1 FROM directory_practice AS p WHERE p.hospital_id = h.id)
ORDER BY h.id
LIMIT $1
