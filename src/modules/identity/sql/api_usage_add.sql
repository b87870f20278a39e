INSERT INTO identity_api_usage (key_id, used_on, calls, refused)
VALUES ($1, $2, $3, $4)
ON CONFLICT (key_id, used_on) DO UPDATE SET calls = identity_api_usage.calls + excluded.calls,
  refused = identity_api_usage.refused + excluded.refused
RETURNING calls
