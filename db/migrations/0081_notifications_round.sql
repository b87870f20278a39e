-- What is done once for a day or month of a zone: whoever writes the row does it, and the job that goes with it.
CREATE TABLE notifications_round (
  kind {text} NOT NULL,
  place {text} NOT NULL,
  round_on {text} NOT NULL,
  begun_at {i64} NOT NULL,
  PRIMARY KEY (kind, place, round_on)
){strict_without_rowid};
