#!/usr/bin/env bash
# What runs, and how far the digest is; exit 1 unless all is well.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=docker/processes.sh
. "$SCRIPTS/processes.sh"
load_settings

down=0
for name in "${PROCESSES[@]}"; do
    [ "$name" != postgres ] || [ -n "$PRIVATE_DATABASE" ] || continue
    if pid=$(pid_of "$name"); then
        printf '%-10s running, process %s\n' "$name" "$pid"
    else
        printf '%-10s down\n' "$name"
        down=1
    fi
done
printf '%-10s %s\n' address "${setting[public_url]}" data "$DATA" sockets "$RUN" logs "$LOGS" settings "$CONFIG"
[ "$down" = 0 ] || exit 1
cd /
as_owner "$LIB/bin/vedette" status
