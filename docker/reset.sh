#!/usr/bin/env bash
# Stops the instance and deletes all its data; asks first unless CONFIRM=yes.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings
if [ "${CONFIRM:-}" != yes ]; then
    [ -t 0 ] || die "this deletes everything in $DATA; say so by: make reset CONFIRM=yes"
    read -r -p "Delete all data in $DATA? Type yes: " answer
    [ "$answer" = yes ] || die 'nothing was deleted'
fi
"$SCRIPTS/stop.sh"
as_owner find "$DATA" -mindepth 1 -delete
rm -rf "${LOGS:?}"
say "All data in $DATA is gone; make up starts afresh"
