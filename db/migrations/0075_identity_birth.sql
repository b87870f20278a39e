-- Patients who may be the same are looked for by their day of birth.
CREATE INDEX identity_user_birth ON identity_user (birth_on, id) WHERE birth_on IS NOT NULL;
