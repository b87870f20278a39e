-- scan: the ids that the caller gives are the table
SELECT id, name FROM identity_user WHERE id IN (SELECT value FROM json_each($1))
