#!/usr/bin/env bash
# Runs a command with a private PostgreSQL cluster of its own, gone when the command ends:
#   tests/scratch_postgres.sh build/dev/tests/test_pg
# VEDETTE_TEST_DATABASE is the connection string of its superuser; the extensions are in template1, so every
# new database has them.  A caller who has set that variable already keeps it.  SCRATCH_FSYNC=on makes it durable.
# It lies in memory where there is plenty: a test's database is a thousand files, and making them is the
# dearest part of many tests.
set -euo pipefail

if [ -n "${VEDETTE_TEST_DATABASE:-}" ]; then exec "$@"; fi
PG_BIN=/usr/lib/postgresql/15/bin
ROOM_KIB=$((3 * 1024 * 1024))
place=/tmp
if [ "$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt "$ROOM_KIB" ] 2>/dev/null; then place=/dev/shm; fi
FOLDER=$(mktemp -d "$place/vedette-pg.XXXXXX")

# initdb and postgres refuse to run as root; who they run as may not be able to enter this folder.
as_user() {
    if [ "$(id -u)" = 0 ]; then env --chdir=/ setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; else "$@"; fi
}

end() {
    as_user "$PG_BIN/pg_ctl" -D "$FOLDER/data" -m immediate -W stop >/dev/null 2>&1 || true
    rm -rf "$FOLDER"
}
trap end EXIT
trap 'exit 130' INT TERM

if [ "$(id -u)" = 0 ]; then chown postgres: "$FOLDER"; fi
chmod 755 "$FOLDER"
as_user "$PG_BIN/initdb" -D "$FOLDER/data" -U postgres --no-sync --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
    >"$FOLDER.log" 2>&1 || { cat "$FOLDER.log" >&2 && exit 1; }
rm -f "$FOLDER.log"
as_user tee -a "$FOLDER/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$FOLDER'
fsync = ${SCRATCH_FSYNC:-off}
max_connections = 60
shared_buffers = 128MB
max_wal_size = 1GB
jit = off
timezone = 'UTC'
lc_messages = 'C'
CONF
as_user "$PG_BIN/pg_ctl" -D "$FOLDER/data" -l "$FOLDER/log" -w -s start
psql -X -q -h "$FOLDER" -U postgres -d template1 -c 'create extension hll' -c 'create extension tdigest'
psql -X -q -h "$FOLDER" -U postgres -d template1 -c 'create database vedette'
export VEDETTE_TEST_DATABASE="host=$FOLDER dbname=vedette user=postgres"
"$@"
