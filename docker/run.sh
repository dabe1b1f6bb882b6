#!/usr/bin/env bash
# run.sh NAME: becomes one process of the instance, in the foreground, as the user it is called by.
# make up, systemd and the container all start processes by it.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings

# Digesting can wait, answering cannot: where processors are short, the worker takes what the others
# leave.  A kernel that shares them out by session first is told the same of the session, if it is
# this process's own.
give_way() {
    local session
    read -r _ _ _ _ _ session _ <"/proc/$$/stat"
    if [ "$session" = $$ ]; then printf 19 2>/dev/null >"/proc/$$/autogroup" || true; fi
    exec nice -n 19 "$@"
}

case ${1:-} in
postgres)
    "$SCRIPTS/postgres.sh" forget_stale_lock
    exec "$PG_BIN/postgres" -D "$DATA/postgres" -k "$RUN"
    ;;
ingest | api)
    exec "$LIB/bin/vedette-$1"
    ;;
worker)
    give_way "$LIB/bin/vedette-worker"
    ;;
nginx)
    "$SCRIPTS/nginx.sh" >"$RUN/nginx.conf"
    exec nginx -p "$DATA/nginx" -e stderr -c "$RUN/nginx.conf" -g 'daemon off;'
    ;;
*) die "run.sh: name one of ${PROCESSES[*]}" ;;
esac
