-- Where a hospital's own messages go: the address of its chat room. It is a secret of the hospital.
CREATE TABLE notifications_hospital (
  hospital_id {i64} NOT NULL PRIMARY KEY,
  chat_url {text},
  changed_by {i64} NOT NULL,
  changed_at {i64} NOT NULL
){strict};
