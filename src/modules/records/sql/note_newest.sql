SELECT n.id, n.visit_id, n.number, n.supersedes, n.reason, n.written_at, n.written_by, n.complaint, n.history, n.examination, n.notes,
  n.advice, n.temperature_c, n.pulse, n.systolic, n.diastolic, n.respiration, n.saturation, n.weight_kg, n.height_cm,
  n.follow_up_on, n.follow_up_note
FROM records_note n WHERE n.visit_id = $1 ORDER BY n.number DESC LIMIT 1
