-- What people are searched by: the words of their names, and telephone, e-mail and login names as a whole. It narrows a
-- search and no more: what is found is compared with the person's row, so a word too many finds nobody.
CREATE TABLE identity_word (
  hospital_id {i64} NOT NULL,
  word {text} /*pg COLLATE "C" */ NOT NULL,
  user_id {i64} NOT NULL REFERENCES identity_user (id),
  PRIMARY KEY (hospital_id, word, user_id)
){strict_without_rowid};
CREATE INDEX identity_word_word ON identity_word (word, user_id);

/*sqlite
INSERT OR IGNORE INTO identity_word (hospital_id, word, user_id)
WITH RECURSIVE part (hospital_id, user_id, word, rest) AS (
  SELECT hospital_id, id, '', replace(replace(name_key, '-', ' '), '.', ' ') || ' ' FROM identity_user
  UNION ALL
  SELECT hospital_id, user_id, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM part
  WHERE rest <> '')
SELECT hospital_id, word, user_id FROM part WHERE word <> '';
*/
/*pg
INSERT INTO identity_word (hospital_id, word, user_id)
SELECT DISTINCT hospital_id, word, id FROM identity_user, regexp_split_to_table(name_key, '[-. ]+') AS word WHERE word <> '';
*/
INSERT INTO identity_word (hospital_id, word, user_id)
SELECT hospital_id, phone, id FROM identity_user WHERE phone IS NOT NULL
UNION SELECT hospital_id, lower(email), id FROM identity_user WHERE email IS NOT NULL
UNION SELECT u.hospital_id, l.login, u.id FROM identity_login l JOIN identity_user u ON u.id = l.user_id
ON CONFLICT DO NOTHING;

-- Who waits for approval or was disabled is one of few.
CREATE INDEX identity_user_inactive ON identity_user (status, id) WHERE status <> 'active';
