-- The events of all calls of a commit; each gets its id before.
WITH asked AS MATERIALIZED (
  SELECT nextval('platform_event_id_seq') AS id, place, topic, kind, payload, at, node
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
    AS u (topic, kind, payload, at, node, place)
), inserted AS (
  INSERT INTO platform_event (id, topic, kind, payload, at, node) SELECT id, topic, kind, payload, at, node FROM asked
)
SELECT place, id FROM asked
