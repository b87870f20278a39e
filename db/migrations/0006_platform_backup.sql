-- Which backup was the last good one, when the next is due, and which node makes it: one row.
CREATE TABLE platform_backup (
  id {i64} NOT NULL PRIMARY KEY CHECK (id = 1),
  due_at {i64} NOT NULL,
  claimed_by {text} NOT NULL,
  claimed_until {i64} NOT NULL,
  good_at {i64},
  good_name {text},
  good_bytes {i64},
  failed_at {i64},
  failed_why {text}
){strict};
INSERT INTO platform_backup (id, due_at, claimed_by, claimed_until) VALUES (1, 0, '', 0);
