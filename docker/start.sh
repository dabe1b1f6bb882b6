#!/usr/bin/env bash
# Starts what is installed, or brings what runs up to date: cluster, schema, first account, daemons,
# nginx; waits until all is healthy.  Running it again changes nothing that is in order.
# start.sh NAME... starts only the processes named, without waiting.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=docker/processes.sh
. "$SCRIPTS/processes.sh"

HEALTH_SECONDS=60
SPACE_MIB=256

make_owner() {
    is_root || return 0
    getent group "$OWNER" >/dev/null || groupadd --system "$OWNER"
    getent passwd "$OWNER" >/dev/null ||
        useradd --system --gid "$OWNER" --home-dir /var/lib/vedette --no-create-home --shell /usr/sbin/nologin "$OWNER"
}

make_config() {
    [ -e "$CONFIG" ] || printf '%s\n' '# Settings of Vedette, NAME=value; the README lists them.' >"$CONFIG"
    if is_root; then chgrp "$OWNER" "$CONFIG"; fi
    chmod 640 "$CONFIG"
}

make_folders() {
    make_folder "$DATA" 700
    make_folder "$RUN" 750
    mkdir -p "$LOGS" "$PIDS"
    chmod 750 "$LOGS"
    make_folder "$DATA/nginx" 700
    make_folder "$DATA/log" 700
    make_folder "$DATA/blobs" 700
    [ "${#RUN}" -le 90 ] || die "the path of run_dir is too long for a unix socket: $RUN"
}

check_space() {
    local free
    free=$(df -Pm "$DATA" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$SPACE_MIB" ] || die "the disk of $DATA is full: $free MiB are free, $SPACE_MIB are needed"
}

port_is_free() { ! port_is_open; }

# A process that was killed keeps its socket until the kernel has taken it down.
check_port() {
    pid_of nginx >/dev/null && return
    end_orphans nginx
    wait_until 3 port_is_free ||
        die "port $PORT is taken by another program; choose another one by port=NUMBER in $CONFIG"
}

fail() { # NAME SENTENCE
    last_words "$1"
    die "$2"
}

server_answers() { as_owner "$PG_BIN/pg_isready" -q -h "$RUN" -U postgres -d postgres; }

server_decided() { server_answers || ! pid_of postgres >/dev/null; }

start_database() {
    [ -n "$PRIVATE_DATABASE" ] || return 0
    "$SCRIPTS/postgres.sh" create
    "$SCRIPTS/postgres.sh" configure
    # The folder of sockets may have been cleared away under a running server.
    [ -S "$RUN/.s.PGSQL.5432" ] || stop_process postgres
    # Backends that outlive a killed server for a moment keep the next one out.
    for _ in 1 2 3 4 5; do
        start_process postgres
        wait_until "$HEALTH_SECONDS" server_decided || break
        ! server_answers || break
        sleep 1
    done
    server_answers || fail postgres 'PostgreSQL does not start; its last words are above'
    "$SCRIPTS/postgres.sh" prepare || fail postgres 'PostgreSQL could not make the database of Vedette'
}

# renew NAME: started, and when its program or settings changed, run anew.  A program goes on in its process
# and nobody is refused; what settings say to an environment needs another process.
renew() {
    if pid_of "$1" >/dev/null; then
        if has_new_settings "$1"; then
            stop_process "$1"
        elif has_new_program "$1"; then
            hand_over "$1" || fail "$1" "vedette-$1 does not give way to its new version; its last words are above"
        fi
    fi
    start_process "$1"
}

listens_alike() { cmp -s <(grep ' listen ' "$1") <(grep ' listen ' "$2"); }

start_nginx() {
    local now=$RUN/nginx.conf new=$RUN/nginx.conf.new
    if pid_of nginx >/dev/null; then
        "$SCRIPTS/nginx.sh" | as_owner tee "$new" >/dev/null
        if cmp -s "$now" "$new"; then
            as_owner rm -f "$new"
        elif listens_alike "$now" "$new"; then
            as_owner mv -f "$new" "$now"
            hand_over nginx || say 'nginx still serves by its old configuration, to those who were connected'
        else
            stop_process nginx
        fi
    fi
    start_process nginx
}

front_decided() { port_is_open || ! program_lives nginx; }
program_lives() { pid_of "$1" >/dev/null; }
answers() { [ "$(http_status "$1")" = 200 ]; }

wait_healthy() {
    wait_until "$HEALTH_SECONDS" front_decided
    program_lives nginx || fail nginx 'nginx does not start; its last words are above'
    wait_until "$HEALTH_SECONDS" answers /api/relay/healthcheck/ready/ || fail ingest 'vedette-ingest does not get ready; its last words are above'
    wait_until "$HEALTH_SECONDS" answers /api/0/ || fail api 'vedette-api does not get ready; its last words are above'
    program_lives worker || fail worker 'vedette-worker does not stay up; its last words are above'
    answers / || fail nginx 'the app is not served; the last words of nginx are above'
}

cd / # the owner may not be allowed into the caller's folder
make_owner
make_config
load_settings
make_folders
# One start or stop at a time; the kernel lets go of the lock when this shell ends.
exec 9>"$PIDS/lock"
flock 9
if [ "$#" -gt 0 ]; then
    for name in "$@"; do
        if [ "$name" = postgres ]; then start_database; else start_process "$name"; fi
    done
    exit
fi
check_space
check_port
start_database
as_owner "$LIB/bin/vedette" migrate
as_owner "$LIB/bin/vedette" setup
renew worker
renew ingest
renew api
start_nginx
wait_healthy
