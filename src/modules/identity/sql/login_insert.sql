-- Nothing is inserted when somebody has the login already.
INSERT INTO identity_login (login, kind, user_id, created_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
