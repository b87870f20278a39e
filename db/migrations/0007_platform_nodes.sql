-- Many nodes over one database: whose event it is, which nodes are there, and which of them watches which doctors.

-- The node that appended the event. The others take it over.
ALTER TABLE platform_event ADD COLUMN node {i64} NOT NULL DEFAULT 0;
/*pg
-- The transaction that appended it: what a node has not heard of is what was not finished when it last looked.
ALTER TABLE platform_event ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX platform_event_tx ON platform_event (tx);
CREATE SEQUENCE platform_node_number;
*/

-- Who is there: a node says so every second.
CREATE TABLE platform_node (
  id {i64} NOT NULL PRIMARY KEY,
  name {text} NOT NULL,
  started_at {i64} NOT NULL,
  seen_at {i64} NOT NULL
){strict};

-- Work that one node does for all, in parts: whoever holds a part's lease does it, until then. Instants are those of the
-- database's clock.
CREATE TABLE platform_lease (
  part {i64} NOT NULL PRIMARY KEY,
  node {i64} NOT NULL DEFAULT 0,
  until_at {i64} NOT NULL DEFAULT 0
){strict};
WITH RECURSIVE parts (part) AS (SELECT 0 UNION ALL SELECT part + 1 FROM parts WHERE part < 63)
INSERT INTO platform_lease (part) SELECT part FROM parts;
