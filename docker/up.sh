#!/usr/bin/env bash
# make up: from a bare Debian 12 and this checkout to a running Vedette.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
checkout=${SCRIPTS%/docker}
cd "$checkout"

need_space() {
    local free
    free=$(df -Pm . | awk 'NR == 2 { print $4 }')
    [ "$free" -ge 1536 ] || die "the disk of $checkout is full: $free MiB are free, building needs 1536"
}

"$SCRIPTS/packages.sh" ensure run build
[ -x "$LIB/bin/vedette" ] || need_space
"$SCRIPTS/node.sh" >/dev/null
say 'Building the programs and the app'
make --no-print-directory -s -j"$(nproc)" BUILD=release programs app
"$SCRIPTS/install.sh" "${OUT:-build}/release"
say 'Starting'
"$LIB/scripts/start.sh"
"$SCRIPTS/credentials.sh" words
