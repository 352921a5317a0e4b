#!/bin/sh
# Run once, by the PostgreSQL image, on an empty data folder: the roles that greffe uses, each with its own password.
# `greffe migrate`, as greffe_owner, makes the tables and gives the others their rights on them, and no more.
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname="$POSTGRES_DB" <<'SQL'
\set owner `cat "${SECRETS:-/run/secrets}/owner_password"`
\set ingest `cat "${SECRETS:-/run/secrets}/ingest_password"`
\set api `cat "${SECRETS:-/run/secrets}/api_password"`
\set sign `cat "${SECRETS:-/run/secrets}/sign_password"`
\set notify `cat "${SECRETS:-/run/secrets}/notify_password"`
CREATE ROLE greffe_owner LOGIN PASSWORD :'owner';
CREATE ROLE greffe_ingest LOGIN PASSWORD :'ingest';
CREATE ROLE greffe_api LOGIN PASSWORD :'api';
CREATE ROLE greffe_reader NOLOGIN;
CREATE ROLE greffe_sign LOGIN PASSWORD :'sign';
CREATE ROLE greffe_notify LOGIN PASSWORD :'notify';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO greffe_owner;
GRANT USAGE ON SCHEMA public TO greffe_ingest, greffe_api, greffe_reader, greffe_sign, greffe_notify;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO greffe_owner, greffe_ingest, greffe_api, greffe_reader, greffe_sign, greffe_notify', current_database()) \gexec
SQL
