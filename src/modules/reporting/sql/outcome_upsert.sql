-- A row when something is new.
INSERT INTO reporting_outcome (hospital_id, key, visit_on, weekday, lead_days, is_missed, is_reminded, age, area)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (hospital_id, key) DO UPDATE SET visit_on = excluded.visit_on, weekday = excluded.weekday,
  lead_days = excluded.lead_days, is_missed = excluded.is_missed, is_reminded = excluded.is_reminded,
  age = excluded.age, area = excluded.area
WHERE reporting_outcome.visit_on <> excluded.visit_on OR reporting_outcome.lead_days <> excluded.lead_days
  OR reporting_outcome.is_missed <> excluded.is_missed
  OR reporting_outcome.is_reminded IS DISTINCT FROM excluded.is_reminded
  OR reporting_outcome.age IS DISTINCT FROM excluded.age OR reporting_outcome.area IS DISTINCT FROM excluded.area
RETURNING key
