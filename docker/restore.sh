#!/usr/bin/env bash
# restore.sh FOLDER: fills an empty instance from what `vedette backup` wrote, and starts it.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=docker/processes.sh
. "$SCRIPTS/processes.sh"

[ -n "${1:-}" ] || die 'name the folder of the backup: make restore FROM=FOLDER'
from=$(readlink -f "$1")
[ -s "$from/database.dump" ] || die "$from is no backup: it holds no database.dump"
load_settings
[ -n "$PRIVATE_DATABASE" ] || die 'the setting database names a server of your own; restore database.dump there'
! as_owner test -e "$DATA/postgres" || die "there is data in $DATA already; make reset deletes it"

"$SCRIPTS/start.sh" postgres
cd / # the owner may not be allowed into the caller's folder
"$PG_BIN/pg_restore" --file=- "$from/database.dump" |
    as_owner "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$RUN" -U postgres -d vedette >/dev/null ||
    die 'the database could not be filled'
for part in log blobs; do
    tar -C "$from" -cf - "$part" | as_owner tar -C "$DATA" -xf -
done
"$SCRIPTS/start.sh"
say "Restored from $from"
