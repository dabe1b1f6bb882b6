#!/usr/bin/env bash
# The steps of the image; the Dockerfile only calls them, so they can be run and proven without an
# engine.  Each runs as root.
#   image.sh packages SECTION...   Debian packages, and nothing of the package manager's left behind
#   image.sh build                 programs and app into /usr/local/lib/vedette
#   image.sh user                  user vedette and its folders
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packages() {
    "$SCRIPTS/packages.sh" ensure "$@"
    apt-get clean
    rm -rf /var/lib/apt/lists/*
}

build() {
    cd "${SCRIPTS%/docker}"
    "$SCRIPTS/node.sh"
    make --no-print-directory -s -j"$(nproc)" BUILD=release programs app
    "$SCRIPTS/install.sh" build/release
}

user() {
    getent group vedette >/dev/null || groupadd --system --gid 890 vedette
    getent passwd vedette >/dev/null ||
        useradd --system --uid 890 --gid vedette --home-dir /var/lib/vedette --no-create-home --shell /usr/sbin/nologin vedette
    install -d -m 700 -o vedette -g vedette /var/lib/vedette
    install -d -m 750 -o vedette -g vedette /run/vedette /var/log/vedette
}

"$@"
