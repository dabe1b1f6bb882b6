#!/usr/bin/env bash
# Debian packages by the sections of packages.list.
#   packages.sh list SECTION...      their names, one a line
#   packages.sh missing SECTION...   those not installed
#   packages.sh ensure SECTION...    root: installs what is missing; others: names the command, exit 1
set -euo pipefail

LIST=$(dirname "${BASH_SOURCE[0]}")/packages.list
POLICY=/usr/sbin/policy-rc.d
CLUSTER=/etc/postgresql-common/createcluster.d/vedette.conf

list() {
    awk -v want=" $* " '/^\[/ { on = index(want, " " substr($0, 2, length($0) - 2) " ") } on && /^[a-z]/' "$LIST"
}

missing() {
    local package
    for package in $(list "$@"); do
        # Another vendor's Node brings an npm of its own, which Debian's would have to replace.
        [ "$package" = npm ] && command -v npm >/dev/null && continue
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

# No packaged service may start and no cluster may be made: Vedette runs its own.
hold_services() {
    trap release_services EXIT
    [ ! -e "$POLICY.before-vedette" ] || mv "$POLICY.before-vedette" "$POLICY"
    [ ! -e "$POLICY" ] || mv "$POLICY" "$POLICY.before-vedette"
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
    mkdir -p "$(dirname "$CLUSTER")"
    echo 'create_main_cluster = false' >"$CLUSTER"
}

release_services() {
    rm -f "$POLICY" "$CLUSTER"
    [ ! -e "$POLICY.before-vedette" ] || mv "$POLICY.before-vedette" "$POLICY"
}

ensure() {
    local wanted
    wanted=$(missing "$@" | tr '\n' ' ')
    [ -n "${wanted% }" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        printf 'vedette: these packages are missing; install them with:\n  sudo apt-get install --no-install-recommends %s\n' "${wanted% }" >&2
        return 1
    fi
    printf 'Installing %s\n' "${wanted% }"
    hold_services
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q update
    # shellcheck disable=SC2086 # a list of names
    apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold \
        install $wanted ||
        { echo "vedette: apt-get could not install: ${wanted% }" >&2 && return 1; }
}

"$@"
