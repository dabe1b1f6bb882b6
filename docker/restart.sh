#!/usr/bin/env bash
# restart.sh [NAME...]: runs the programs anew, one after the other, while they serve: nobody is refused.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=docker/processes.sh
. "$SCRIPTS/processes.sh"
load_settings

names=("$@")
[ "$#" -gt 0 ] || names=(worker ingest api nginx)
mkdir -p "$PIDS"
exec 9>"$PIDS/lock"
flock 9
for name in "${names[@]}"; do
    case $name in
    worker | ingest | api | nginx) ;;
    *) die "restart.sh: $name cannot go on while it is run anew" ;;
    esac
    pid_of "$name" >/dev/null || die "$name does not run; make up starts it"
    hand_over "$name" || die "$name has not ended what it had begun"
    pid_of "$name" >/dev/null || die "$name has ended; its last words are in $LOGS/$name.log"
done
