#!/usr/bin/env bash
# Installs systemd units, so that Vedette starts with the machine and its logs go to the journal.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=docker/processes.sh
. "$SCRIPTS/processes.sh"

UNITS=${UNITS:-/etc/systemd/system}

# unit NAME AFTER SIGNAL TYPE
unit() {
    local text capability=
    text=$(<"$SCRIPTS/vedette.service.template")
    if [ "$1" = nginx ] && [ "$PORT" -lt 1024 ]; then capability=CAP_NET_BIND_SERVICE; fi
    text=${text//@NAME@/$1}
    text=${text//@AFTER@/$2}
    text=${text//@SIGNAL@/$3}
    text=${text//@TYPE@/$4}
    text=${text//@CAPABILITY@/$capability}
    text=${text//@LIB@/$LIB}
    text=${text//@DATA@/$DATA}
    text=${text//@RUN@/$RUN}
    printf '%s\n' "$text" >"$UNITS/vedette-$1.service"
}

write_units() {
    local always=$'Type=exec\nRestart=always\nRestartSec=1' once=$'Type=oneshot\nRemainAfterExit=yes' database=
    local again=$always$'\nExecReload=/bin/kill -s USR2 $MAINPID'
    if [ -n "$PRIVATE_DATABASE" ]; then
        unit postgres '' SIGINT "$always"
        database=vedette-postgres.service
    fi
    unit setup "$database" SIGTERM "$once"
    # A daemon rides out a database that is away; it only needs the schema once.
    unit ingest vedette-setup.service SIGTERM "$again"
    unit worker vedette-setup.service SIGTERM "$again"
    unit api vedette-setup.service SIGTERM "$again"
    unit nginx '' SIGQUIT "$always"$'\nExecReload=/bin/kill -s HUP $MAINPID'
    printf '[Unit]\nDescription=Vedette\n\n[Install]\nWantedBy=multi-user.target\n' >"$UNITS/vedette.target"
}

is_root || die 'make service must be run by root'
[ -z "$VAR" ] || die 'make service installs the machine-wide instance; unset VEDETTE_VAR'
load_settings
if [ "${1:-}" = write ]; then
    write_units
    exit
fi
[ -d /run/systemd/system ] || die 'systemd does not run here; make up starts Vedette without it'
"$SCRIPTS/stop.sh"
write_units
systemctl daemon-reload
systemctl enable --quiet vedette.target
for unit in "$UNITS"/vedette-*.service; do systemctl enable --quiet "$(basename "$unit")"; done
systemctl start vedette.target
"$SCRIPTS/start.sh"
say 'Vedette starts with the machine; its logs: journalctl -u "vedette-*"'
