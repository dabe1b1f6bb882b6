# shellcheck shell=bash disable=SC2034 # what is set here is used by those who source it
# Sourced by every script here: where things lie, the settings, and running things as the service
# user.  The scripts work from the checkout (docker/) and from where they are installed
# (<lib>/scripts), so systemd, a container and `make up` share them.
#
# Two layouts:
#   system   root without VEDETTE_VAR, or the installed copy below /usr/local/lib: programs in
#            /usr/local/lib/vedette, data in /var/lib/vedette, sockets in /run/vedette; processes
#            run as user vedette.
#   folder   anybody else: everything below $VEDETTE_VAR (default <checkout>/var), sockets in the
#            user's runtime directory, because the path of a unix socket holds only 107 bytes.
set -euo pipefail

SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
PROCESSES=(postgres ingest worker api nginx) # in the order of starting
PG_BIN=/usr/lib/postgresql/15/bin
PATH=$PATH:/usr/sbin:/sbin # nginx lies there, where Debian's ordinary users do not look
SYSTEM_LIB=/usr/local/lib/vedette
declare -A setting=()

say() { printf '%s\n' "$*"; }
die() {
    printf 'vedette: %s\n' "$*" >&2
    exit 1
}
is_root() { [ "$(id -u)" = 0 ]; }

# Sets LIB, LOGS, PIDS, CONFIG, OWNER and, in the folder layout, VAR.  Root writes to LOGS and PIDS, so
# they are not the owner's: it could place a link there.
find_layout() {
    VAR=${VEDETTE_VAR:-}
    case $SCRIPTS in
    "$SYSTEM_LIB"/scripts) VAR= ;;
    */scripts) VAR=${SCRIPTS%/lib/scripts} ;;
    *) is_root || VAR=${VAR:-${SCRIPTS%/docker}/var} ;;
    esac
    OWNER=$(id -un)
    if is_root; then OWNER=vedette; fi
    if [ -n "$VAR" ]; then
        LIB=$VAR/lib LOGS=$VAR/logs PIDS=$VAR/pids CONFIG=$VAR/vedette.conf
    else
        LIB=$SYSTEM_LIB LOGS=/var/log/vedette PIDS=/run/vedette.pids CONFIG=/etc/vedette.conf
    fi
}

# in_config NAME: whether the operator has set it, in the environment or in the file.
in_config() {
    local variable=VEDETTE_${1^^}
    [ -n "${!variable+set}" ] || grep -qs "^[[:space:]]*$1[[:space:]]*=" "$CONFIG"
}

# A short directory for sockets that survives this shell; remembered in VAR, made anew when gone.
runtime_folder() {
    local known=$VAR/run_dir path
    if [ -s "$known" ]; then
        path=$(<"$known")
        [ -d "$path" ] && [ -w "$path" ] && { printf '%s' "$path" && return; }
    fi
    if [ -w "${XDG_RUNTIME_DIR:-/nowhere}" ] && ! is_root; then
        path=$(mktemp -d "$XDG_RUNTIME_DIR/vedette.XXXXXX")
    else
        path=$(mktemp -d /tmp/vedette.XXXXXX)
    fi
    printf '%s' "$path" >"$known"
    printf '%s' "$path"
}

# Fills `setting`, DATA, RUN and PORT, and exports what the programs cannot know by themselves.
load_settings() {
    local name value listing
    [ -x "$LIB/bin/vedette" ] || die "nothing is installed in $LIB yet; run make up first"
    VEDETTE_CONFIG=$CONFIG
    [ -e "$CONFIG" ] || VEDETTE_CONFIG=/dev/null
    export VEDETTE_CONFIG
    if [ -n "$VAR" ]; then
        in_config data_dir || export VEDETTE_DATA_DIR=$VAR/data
        in_config run_dir || VEDETTE_RUN_DIR=$(runtime_folder)
        export VEDETTE_RUN_DIR
    fi
    listing=$("$LIB/bin/vedette" settings) || die "the settings in $CONFIG are not usable"
    while IFS='=' read -r name value; do
        case $name in *[!a-z_]* | '') ;; *) setting[$name]=$value ;; esac
    done <<<"$listing"
    DATA=${setting[data_dir]} RUN=${setting[run_dir]} PORT=${setting[port]}
    if [ "$PORT" != 8900 ] && ! in_config public_url; then
        export VEDETTE_PUBLIC_URL=http://localhost:$PORT
        setting[public_url]=$VEDETTE_PUBLIC_URL
    fi
    # Unless the operator names a server, ours; a script that calls another has exported it already.
    local private="host=$RUN dbname=vedette user=vedette"
    export VEDETTE_DATABASE=${setting[database]:-$private}
    PRIVATE_DATABASE=
    if [ "$VEDETTE_DATABASE" = "$private" ]; then PRIVATE_DATABASE=yes; fi
}

# Runs a command as the user that owns the instance: never root.
as_owner() {
    if is_root; then
        HOME=$DATA setpriv --reuid="$OWNER" --regid="$OWNER" --init-groups --no-new-privs -- "$@"
    else
        "$@"
    fi
}

# make_folder PATH MODE: exists, belongs to the owner.
make_folder() {
    mkdir -p "$1" || die "cannot make the folder $1"
    if is_root; then chown "$OWNER:" "$1"; fi
    chmod "$2" "$1"
}

# nginx_address: where nginx can be reached from this machine.
nginx_address() {
    case ${setting[listen]} in
    '' | 0.0.0.0 | '[::]' | ::) printf 127.0.0.1 ;;
    *) printf '%s' "${setting[listen]//[\[\]]/}" ;;
    esac
}

# Whether anybody listens on our port.
port_is_open() {
    if exec 3<>"/dev/tcp/$(nginx_address)/$PORT"; then exec 3>&-; else return 1; fi 2>/dev/null
}

# http_status PATH: the status nginx answers on this machine, 000 when nobody answers.
http_status() {
    local status=000
    if exec 3<>"/dev/tcp/$(nginx_address)/$PORT"; then
        printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
        read -r -t 5 _ status _ <&3 || status=000
        exec 3>&-
    fi 2>/dev/null
    printf '%s' "$status"
}

find_layout
