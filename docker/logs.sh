#!/usr/bin/env bash
# Follows the logs of all processes; with FOLLOW=no prints their ends.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=docker/processes.sh
. "$SCRIPTS/processes.sh"
if by_systemd; then exec journalctl --lines=50 --follow --unit='vedette-*'; fi
shopt -s nullglob
logs=("$LOGS"/*.log)
[ "${#logs[@]}" -gt 0 ] || die "there are no logs in $LOGS yet"
if [ "${FOLLOW:-yes}" = no ]; then exec tail -n 50 "${logs[@]}"; fi
exec tail -n 20 -F "${logs[@]}"
