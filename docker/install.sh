#!/usr/bin/env bash
# install.sh BUILD_FOLDER: puts programs, app and these scripts into LIB, so that what runs
# never needs the checkout.  A file is replaced only when it differs, by a rename: a running
# program keeps its old file, and start.sh sees by it that the program is to be started anew.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

build=${1:?the folder of the built programs}
checkout=${SCRIPTS%/docker}
written=0

# replace MODE FROM TO
replace() {
    cmp -s "$2" "$3" && return
    mkdir -p "$(dirname "$3")"
    install -m "$1" "$2" "$3.new"
    mv -f "$3.new" "$3"
    written=$((written + 1))
}

# tree FROM TO FIND_EXPRESSION...: copies the files that match, removes those that FROM lost.
tree() {
    local from=$1 to=$2 file
    shift 2
    while IFS= read -r file; do
        replace 644 "$from/$file" "$to/$file"
    done < <(cd "$from" && find . -type f "$@" -printf '%P\n')
    while IFS= read -r file; do
        [ -e "$from/$file" ] || rm -f "$to/$file"
    done < <(cd "$to" && find . -type f -printf '%P\n')
}

umask 022
for program in vedette-ingest vedette-worker vedette-api vedette; do
    replace 755 "$build/$program" "$LIB/bin/$program"
done
# Source maps stay at home: they are for our own error reports, not for visitors.
tree "$checkout/frontend/dist" "$LIB/app" ! -name '*.map*' ! -path './.vite/*'
for script in lib.sh processes.sh postgres.sh nginx.sh run.sh start.sh stop.sh restart.sh status.sh logs.sh operator.sh restore.sh entry.sh; do
    replace 755 "$SCRIPTS/$script" "$LIB/scripts/$script"
done
replace 644 "$SCRIPTS/nginx.conf.template" "$LIB/scripts/nginx.conf.template"

# The operator's tool, by the name people type.
if [ -z "$VAR" ]; then
    ln -sfn "$LIB/scripts/operator.sh" /usr/local/bin/vedette
else
    ln -sfn lib/scripts/operator.sh "$VAR/vedette"
fi
[ "$written" = 0 ] || say "Installed $written files in $LIB"
