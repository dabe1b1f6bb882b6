#!/usr/bin/env bash
# What containers and systemd start, as user vedette.
#   entry.sh postgres | ingest | worker | api | nginx   becomes that process
#   entry.sh setup           schema, first account; ends when the rest may start
#   entry.sh health NAME     for HEALTHCHECK
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings
make_folder "$DATA/nginx" 700
make_folder "$DATA/log" 700
make_folder "$DATA/blobs" 700

server_answers() { as_owner "$PG_BIN/pg_isready" -q -h "$RUN" -U postgres -d postgres; }

setup() {
    local tries=600
    until [ -z "$PRIVATE_DATABASE" ] || server_answers; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || die 'PostgreSQL does not answer'
        sleep 0.1
    done
    [ -z "$PRIVATE_DATABASE" ] || "$SCRIPTS/postgres.sh" prepare
    "$LIB/bin/vedette" migrate
    "$LIB/bin/vedette" setup
    cat "$DATA/credentials.json" 2>/dev/null || true
}

health() {
    case ${1:-} in
    postgres) server_answers ;;
    ingest | api) [ -S "$RUN/$1.sock" ] ;;
    worker) "$LIB/bin/vedette" status >/dev/null ;;
    nginx) [ "$(http_status /api/relay/healthcheck/ready/)$(http_status /api/0/)$(http_status /)" = 200200200 ] ;;
    *) die 'entry.sh health NAME' ;;
    esac
}

case ${1:-} in
postgres)
    "$SCRIPTS/postgres.sh" create
    "$SCRIPTS/postgres.sh" configure
    exec "$SCRIPTS/run.sh" postgres
    ;;
setup) setup ;;
health) health "${2:-}" ;;
*) exec "$SCRIPTS/run.sh" "${1:-}" ;;
esac
