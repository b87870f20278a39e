-- Tells whose key was new: RETURNING alone cannot, so each gets its id before.
WITH asked AS MATERIALIZED (
  SELECT nextval('platform_idempotency_id_seq') AS id, u.*
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[])
    WITH ORDINALITY AS u (caller, key_hash, fingerprint, status, headers, body, at, place)
), kept AS (
  INSERT INTO platform_idempotency (id, caller, key_hash, fingerprint, status, headers, body, at)
  SELECT id, caller, key_hash, fingerprint, status, headers, body, at FROM asked
  ON CONFLICT (caller, key_hash) DO NOTHING
  RETURNING id
)
SELECT place FROM asked JOIN kept USING (id)
