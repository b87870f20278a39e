-- Of each doctor of a hospital: how many visits there were, what became of them, and what those are worth that took place.
SELECT doctor_id, currency,
  count(*) FILTER (WHERE status = 'booked' OR status = 'arrived' OR status = 'fulfilled'),
  count(*) FILTER (WHERE status = 'cancelled'),
  count(*) FILTER (WHERE status = 'noshow'),
  CAST(coalesce(sum(fee_minor) FILTER (WHERE status = 'booked' OR status = 'arrived' OR status = 'fulfilled'), 0) AS BIGINT)
FROM booking_appointment
WHERE hospital_id = $1 AND status <> 'pending' AND status <> 'expired' AND starts_at >= $2 AND starts_at < $3
GROUP BY doctor_id, currency
ORDER BY doctor_id, currency
