#!/bin/sh
# Makes the cluster when the volume is empty, then becomes PostgreSQL. The password of the user fairward comes from
# DATABASE_PASSWORD each time, so that a change in .env takes effect. Listens to the containers of the same network; who
# has no password gets nothing.
set -eu
: "${DATABASE_PASSWORD:?is not set; see .env.example}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "$PGDATA.new"
  # Texts sort by their bytes, as in the embedded database.
  initdb --pgdata="$PGDATA.new" --username=postgres --auth-local=peer --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --data-checksums
  echo "host all all all scram-sha-256" >>"$PGDATA.new/pg_hba.conf"
  mv "$PGDATA.new" "$PGDATA" # whole or not at all
fi
# Without listening to anybody else, in single-user mode: no client is there yet.
quoted=$(printf %s "$DATABASE_PASSWORD" | sed "s/'/''/g")
postgres --single -D "$PGDATA" -j postgres >/dev/null <<SQL
DO \$\$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fairward') THEN CREATE ROLE fairward LOGIN; END IF; END \$\$;

ALTER ROLE fairward PASSWORD '$quoted';

GRANT SET ON PARAMETER deadlock_timeout TO fairward;

SQL
if ! echo "SELECT 'found' FROM pg_database WHERE datname = 'fairward';" |
  postgres --single -D "$PGDATA" postgres | grep -q found; then
  echo "CREATE DATABASE fairward OWNER fairward;" | postgres --single -D "$PGDATA" postgres >/dev/null
fi
unset DATABASE_PASSWORD quoted
exec postgres -D "$PGDATA" -c listen_addresses='*' -c max_connections=200
