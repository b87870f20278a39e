-- Cities, specialities, hospitals, departments, doctors and where they practise; places by postal code.
-- The *_key columns hold the folded name (small letters, no diacritics, single blanks), made by modules/directory/text.
CREATE TABLE directory_city (
  id {id},
  name {text} NOT NULL,
  name_key {text} NOT NULL,
  state {text} NOT NULL DEFAULT '',
  state_key {text} NOT NULL DEFAULT '',
  UNIQUE (name_key, state_key)
){strict};

CREATE TABLE directory_speciality (
  id {id},
  name {text} NOT NULL,
  name_key {text} NOT NULL UNIQUE
){strict};

CREATE TABLE directory_hospital (
  id {id},
  city_id {i64} NOT NULL REFERENCES directory_city (id),
  name {text} NOT NULL,
  name_key {text} NOT NULL,
  address {text},
  postal_code {text},
  latitude {real},
  longitude {real},
  time_zone {text} NOT NULL,
  phone {text},
  source {text} NOT NULL,
  source_key {text},
  is_demo {i64} NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
  version {i64} NOT NULL DEFAULT 1,
  UNIQUE (source, source_key),
  CHECK ((latitude IS NULL AND longitude IS NULL)
      OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180))
){strict};
CREATE INDEX directory_hospital_by_city ON directory_hospital (city_id);
CREATE INDEX directory_hospital_by_name ON directory_hospital (name_key);
CREATE INDEX directory_hospital_by_postal_code ON directory_hospital (postal_code);

CREATE TABLE directory_department (
  id {id},
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  name {text} NOT NULL,
  name_key {text} NOT NULL,
  UNIQUE (hospital_id, name_key)
){strict};

CREATE TABLE directory_doctor (
  id {id},
  title {text} NOT NULL DEFAULT '',
  given_name {text} NOT NULL,
  family_name {text} NOT NULL DEFAULT '',
  full_name {text} NOT NULL,
  speciality_id {i64} NOT NULL REFERENCES directory_speciality (id),
  qualification {text} NOT NULL DEFAULT '',
  practising_since {i64},
  languages {text} NOT NULL DEFAULT '',
  bio {text} NOT NULL DEFAULT '',
  image_url {text},
  telephone {text},
  email {text},
  rating_sum {i64} NOT NULL DEFAULT 0,
  rating_count {i64} NOT NULL DEFAULT 0,
  status {text} NOT NULL CHECK (status IN ('active', 'pending', 'closed')),
  is_demo {i64} NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
  version {i64} NOT NULL DEFAULT 1,
  CHECK (rating_count >= 0 AND rating_sum BETWEEN rating_count AND rating_count * 5)
){strict};
CREATE INDEX directory_doctor_by_speciality ON directory_doctor (speciality_id);

CREATE TABLE directory_practice (
  id {id},
  doctor_id {i64} NOT NULL REFERENCES directory_doctor (id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  department_id {i64} REFERENCES directory_department (id),
  fee_minor {i64} NOT NULL CHECK (fee_minor >= 0),
  currency {text} NOT NULL CHECK (length(currency) = 3),
  is_active {i64} NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  UNIQUE (doctor_id, hospital_id)
){strict};
CREATE INDEX directory_practice_by_hospital ON directory_practice (hospital_id);
CREATE INDEX directory_practice_by_department ON directory_practice (department_id);

CREATE TABLE directory_postal_code (
  code {text} NOT NULL PRIMARY KEY,
  latitude {real},
  longitude {real},
  city {text},
  state {text},
  CHECK ((latitude IS NULL AND longitude IS NULL)
      OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180))
){strict_without_rowid};
