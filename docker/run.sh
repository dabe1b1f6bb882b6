#!/usr/bin/env bash
# run.sh NAME: becomes one process of the instance, in the foreground, as the user it is called by.
# make up, systemd and the container all start processes by it.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings

case ${1:-} in
postgres)
    "$SCRIPTS/postgres.sh" forget_stale_lock
    exec "$PG_BIN/postgres" -D "$DATA/postgres" -k "$RUN"
    ;;
ingest | worker | api)
    exec "$LIB/bin/vedette-$1"
    ;;
nginx)
    "$SCRIPTS/nginx.sh" >"$RUN/nginx.conf"
    rm -f "$RUN/private.sock" # of one that was killed: nginx would not take its place
    exec nginx -p "$DATA/nginx" -e stderr -c "$RUN/nginx.conf" -g 'daemon off;'
    ;;
*) die "run.sh: name one of ${PROCESSES[*]}" ;;
esac
