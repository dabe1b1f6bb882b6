#!/usr/bin/env bash
# The private PostgreSQL cluster in DATA/postgres: no network, a socket in RUN, checksums on.
#   postgres.sh create              makes the cluster unless there is one
#   postgres.sh configure           writes postgresql.conf for this machine's memory
#   postgres.sh forget_stale_lock   removes the lock file of a server that was killed
#   postgres.sh prepare             role, database and extensions, in the running server
# All but `prepare` need no server.  Called by the owner, or by root, who becomes the owner.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings
cluster=$DATA/postgres
cd / # the owner may not be allowed into the caller's folder

create() {
    if [ -s "$cluster/PG_VERSION" ]; then
        local version
        version=$(as_owner cat "$cluster/PG_VERSION")
        [ "$version" = 15 ] || die "the cluster in $cluster is of PostgreSQL $version; this Vedette runs PostgreSQL 15"
        return
    fi
    as_owner rm -rf "$cluster.new"
    as_owner "$PG_BIN/initdb" -D "$cluster.new" -U postgres --data-checksums --encoding=UTF8 --locale=C.UTF-8 \
        --auth=reject >"$LOGS/initdb.log" 2>&1 || {
        tail -n 5 "$LOGS/initdb.log" >&2
        die "PostgreSQL could not make its cluster in $cluster"
    }
    # The rename is the moment the cluster exists; initdb killed halfway leaves nothing in the way.
    as_owner mv "$cluster.new" "$cluster"
}

memory_mib() {
    local total limit
    total=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
    limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
    case $limit in *[!0-9]*) ;; *) [ $((limit / 1048576)) -ge "$total" ] || total=$((limit / 1048576)) ;; esac
    printf '%s' "$total"
}

clamp() { # VALUE LEAST MOST
    local v=$1
    [ "$v" -ge "$2" ] || v=$2
    [ "$v" -le "$3" ] || v=$3
    printf '%s' "$v"
}

configure() {
    local memory
    memory=$(memory_mib)
    as_owner tee "$cluster/postgresql.conf" >/dev/null <<CONF
# Written by Vedette at every start.  Your own settings belong in local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '$RUN'
unix_socket_permissions = 0700
max_connections = 80
shared_buffers = $(clamp $((memory / 8)) 64 2048)MB
effective_cache_size = $(clamp $((memory / 2)) 256 65536)MB
work_mem = $(clamp $((memory / 256)) 4 32)MB
maintenance_work_mem = $(clamp $((memory / 16)) 32 512)MB
# A 200 promises that the event survives; nothing here may weaken it.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = lz4
max_wal_size = 2GB
checkpoint_timeout = 15min
default_toast_compression = lz4
random_page_cost = 1.1
jit = off
autovacuum_naptime = 20s
autovacuum_vacuum_cost_delay = 1ms
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
logging_collector = off
log_line_prefix = '%m [%p] %a '
log_min_duration_statement = 1s
log_lock_waits = on
include_if_exists 'local.conf'
CONF
    as_owner tee "$cluster/pg_hba.conf" >/dev/null <<<'local all all peer map=instance'
    as_owner tee "$cluster/pg_ident.conf" >/dev/null <<CONF
instance $OWNER postgres
instance $OWNER vedette
CONF
}

# A server killed with -9, or a reboot, leaves postmaster.pid and the socket's lock; their number may by
# now be another program's, which PostgreSQL would take for a live server.  Its own check of the
# shared memory still keeps a second server away from backends that outlived the first.
forget_stale_lock() {
    local pid
    pid=$(head -n 1 "$cluster/postmaster.pid" 2>/dev/null) || true
    if [ -z "$pid" ] || [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" != "$(readlink -f "$cluster")" ]; then
        rm -f "$cluster/postmaster.pid" "$RUN"/.s.PGSQL.*
    fi
}

sql() { as_owner "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$RUN" -U postgres "$@"; }

prepare() {
    sql -d postgres <<'SQL'
select 'create role vedette login' where not exists (select from pg_roles where rolname = 'vedette') \gexec
select 'create database vedette owner vedette' where not exists (select from pg_database where datname = 'vedette') \gexec
SQL
    PGOPTIONS='-c client_min_messages=warning' sql -d vedette \
        -c 'create extension if not exists hll' -c 'create extension if not exists tdigest'
}

"$@"
