-- scan: read once at start, to fill memory
SELECT h.id, h.city_id, h.name, h.address, h.postal_code, h.latitude, h.longitude, h.time_zone, h.phone, h.source, h.source_key, h.is_demo, h.is_active, h.approval, h.version
FROM directory_hospital AS h
ORDER BY h.id
