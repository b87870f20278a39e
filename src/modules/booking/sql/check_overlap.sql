-- scan: fairward check reads everything
-- Asks the appointments alone: it would find two in one slot even where claims and their key were lost.
SELECT id FROM (
  SELECT id, starts_at, MAX(ends_at) OVER (
    PARTITION BY doctor_id ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
  FROM booking_appointment WHERE status <> 'cancelled' AND status <> 'expired') AS a
WHERE taken_until > starts_at
