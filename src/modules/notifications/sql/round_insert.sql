-- No row when somebody else has begun it.
INSERT INTO notifications_round (kind, place, round_on, begun_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (kind, place, round_on) DO NOTHING
