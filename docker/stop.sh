#!/usr/bin/env bash
# stop.sh [NAME...]: stops the instance, or the processes named; what is accepted stays on disk.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=docker/processes.sh
. "$SCRIPTS/processes.sh"
load_settings

names=("$@")
[ "$#" -gt 0 ] || names=(nginx api ingest worker postgres)
[ -d "$PIDS" ] || exit 0
exec 9>"$PIDS/lock"
flock 9
for name in "${names[@]}"; do stop_process "$name"; done
