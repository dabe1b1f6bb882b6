#!/usr/bin/env bash
# Who may include whom (base <- storage <- auth <- ingest, worker, api; worker/scrub stands on storage, and api
# may use it too), and which file may know which library.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
bad=0

# may FOLDER ALLOWED...
may() {
    local folder=$1 wrong
    shift
    wrong=$(grep -rnE '^#include "[a-z]+/' --include='*.[ch]' "$folder" | grep -vE "\"($(IFS='|' && echo "$*"))/")
    [ -z "$wrong" ] || { printf '%s may not include:\n%s\n' "$folder" "$wrong" && bad=1; }
}
may base base
may storage base storage
may auth base storage auth
may ingest base storage auth ingest
may worker base storage auth worker
may worker/scrub base storage worker/scrub
may api base storage auth api worker/scrub

# only HEADER FILE_PATTERN: a library's header stands in matching files alone.
only() {
    local wrong
    wrong=$(grep -rnE "^#include <($1)" --include='*.[ch]' base storage auth ingest worker api | grep -vE "^($2):")
    [ -z "$wrong" ] || { printf '<%s> belongs in %s:\n%s\n' "$1" "$2" "$wrong" && bad=1; }
}
only 'libpq' 'storage/[a-z0-9_]+\.[ch]'
only 'fcgi' 'base/fcgi\.c'
only 'curl' 'base/(fetch|mail)\.c'
only 'maxminddb' 'worker/digest/geo\.c'
only 'openssl|sodium' '(auth|storage)/[a-z0-9_]+\.[ch]|(base/(map|uuid)|(ingest|worker|api)/main|api/cli/[a-z_]+)\.c'
exit "$bad"
