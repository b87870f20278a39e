INSERT INTO notifications_hospital (hospital_id, chat_url, changed_by, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (hospital_id) DO UPDATE SET chat_url = excluded.chat_url, changed_by = excluded.changed_by,
  changed_at = excluded.changed_at
