#!/usr/bin/env bash
# The proof that a bare Debian 12 and the checkout are enough.  In trees made by debootstrap (minbase,
# make, git, ca-certificates), with this machine's APT sources, CA bundle and npm settings:
#   root    clone, make up (under ten minutes), make check
#   user    the same as an ordinary user, packages being present
#   image   the Dockerfile's steps, then every process of compose.yaml until it is healthy
#
#   docker/prove.sh [root|user|image]...     all three when none is named; needs root
# PROVE_DIR (default /var/tmp/vedette-prove) takes the trees, 6 GB; PROVE_PORT another port than 8900.
# Each stage runs in mount and process namespaces of its own: when it ends, so do its mounts and
# processes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
checkout=${here%/docker}
work=${PROVE_DIR:-/var/tmp/vedette-prove}
UP_SECONDS=600

say() { printf '== %s\n' "$*"; }
die() {
    printf 'prove: %s\n' "$*" >&2
    exit 1
}

copy_settings() { # TREE
    local file
    rm -f "$1"/etc/apt/sources.list
    mkdir -p "$1/etc/apt/sources.list.d" "$1/etc/apt/apt.conf.d" "$1/usr/local/share/ca-certificates"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ ! -e "$file" ] || cp "$file" "$1$file"
    done
    for file in /etc/apt/apt.conf.d/*; do
        ! grep -q '^Acquire' "$file" || cp "$file" "$1$file"
    done
    cp -rL /usr/local/share/ca-certificates/. "$1/usr/local/share/ca-certificates/"
    cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"
    for file in /etc/npmrc /root/.npmrc /etc/resolv.conf /etc/hosts; do
        [ ! -e "$file" ] || cp -L "$file" "$1$file"
    done
}

bare_tree() { # a tarball of the bare tree, made once
    [ ! -s "$work/bare.tar" ] || return 0
    command -v debootstrap >/dev/null || die 'debootstrap is missing: apt-get install debootstrap'
    local mirror
    # Not every machine has all of these files.
    mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
        sed -nE 's/^(URIs:|deb )[[:space:]]*([^ ]*debian)\/? ?.*/\2/p' | head -n 1)
    say "debootstrap from ${mirror:-the default mirror}"
    rm -rf "$work/bare"
    debootstrap --variant=minbase --include=make,git,ca-certificates bookworm "$work/bare" ${mirror:+"$mirror"} >"$work/debootstrap.log" ||
        die "debootstrap failed; see $work/debootstrap.log"
    tar -C "$work/bare" -cf "$work/bare.tar.new" .
    mv "$work/bare.tar.new" "$work/bare.tar"
    rm -rf "$work/bare"
}

fresh_tree() { # NAME: prints its path
    local tree=$work/$1
    rm -rf "$tree"
    mkdir -p "$tree"
    tar -C "$tree" -xf "$work/bare.tar"
    copy_settings "$tree"
    mkdir -p "$tree/mnt/checkout"
    printf '%s' "$tree"
}

# inside TREE COMMAND: a shell in the tree, with its own mounts and processes.
inside() {
    local tree=$1
    # shellcheck disable=SC2016 # the inner shell expands it
    PROVE_TREE=$tree PROVE_CHECKOUT=$checkout PROVE_COMMAND=$2 \
        unshare --mount --pid --fork --kill-child -- bash -euc '
        mount --make-rprivate /
        mount -t proc proc "$PROVE_TREE/proc"
        mount --rbind /dev "$PROVE_TREE/dev"
        mount -t sysfs -o ro sysfs "$PROVE_TREE/sys" 2>/dev/null || true
        mount -t tmpfs -o mode=755 tmpfs "$PROVE_TREE/run"
        mount --bind -o ro "$PROVE_CHECKOUT" "$PROVE_TREE/mnt/checkout"
        shared=$(dirname "$PROVE_CHECKOUT")/shared
        for home in /root /home/dev; do
            [ -d "$shared" ] && [ -d "$PROVE_TREE$home" ] || continue
            mkdir -p "$PROVE_TREE$home/shared"
            mount --bind -o ro "$shared" "$PROVE_TREE$home/shared"
        done
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            TERM=dumb ${PROVE_PORT:+VEDETTE_PORT=$PROVE_PORT} ${PATIENCE:+PATIENCE=$PATIENCE} NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
            chroot "$PROVE_TREE" bash -euo pipefail -c "$PROVE_COMMAND"'
}

# What a newcomer types, in a folder of their own; the time of make up is checked.
newcomer="
    git config --global --add safe.directory '*'
    git clone -q /mnt/checkout vedette && cd vedette
    began=\$SECONDS
    make up
    took=\$((SECONDS - began))
    echo \"== make up took \$took s\"
    [ \"\$took\" -lt $UP_SECONDS ]
    make up
    test \"\$(stat -c %a \"\$(make -s status | awk '\$1 == \"data\" { print \$2 }')/credentials.json\")\" = 600
    make -s credentials | grep -q '\"dsn\"'
    make demo
    make status
    make down
    make check 2>&1 | tail -n 60
"

prove_root() {
    inside "$(fresh_tree root)" "cd /root; $newcomer"
}

prove_user() {
    local tree
    tree=$(fresh_tree user)
    inside "$tree" 'useradd --create-home --shell /bin/bash dev
        [ ! -e /root/.npmrc ] || install -m 600 -o dev -g dev /root/.npmrc /home/dev/.npmrc
        /mnt/checkout/docker/packages.sh ensure run build check'
    inside "$tree" "exec setpriv --reuid=dev --regid=dev --init-groups env HOME=/home/dev USER=dev \
        PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games bash -euo pipefail -c '
        cd /home/dev; ${newcomer//\'/\'\\\'\'}'"
}

# The stages of docker/Dockerfile: run, build, and the last one that copies from build.
prove_image() {
    local tree copy='cp -r /mnt/checkout/docker/packages.list /mnt/checkout/docker/packages.sh /mnt/checkout/docker/lib.sh /mnt/checkout/docker/image.sh /vedette/docker/'
    tree=$(fresh_tree image)
    inside "$tree" "mkdir -p /vedette/docker && $copy && /vedette/docker/image.sh packages run"
    rm -rf "$work/image-build"
    cp -a "$tree" "$work/image-build"
    inside "$work/image-build" 'rm -rf /vedette && git config --global --add safe.directory "*" &&
        git clone -q /mnt/checkout /vedette && /vedette/docker/image.sh packages build && /vedette/docker/image.sh build'
    mkdir -p "$tree/usr/local/lib"
    cp -a "$work/image-build/usr/local/lib/vedette" "$tree/usr/local/lib/"
    # shellcheck disable=SC2016 # the inner shell expands it
    inside "$tree" '/vedette/docker/image.sh user && rm -r /vedette
        install -d -m 750 -o vedette -g vedette /run/vedette
        entry="setpriv --reuid=vedette --regid=vedette --init-groups --no-new-privs -- /usr/local/lib/vedette/scripts/entry.sh"
        healthy() { for _ in $(seq 300); do $entry health "$1" && echo "healthy: $1" && return; sleep 0.2; done; return 1; }
        $entry postgres >/var/log/postgres.log 2>&1 & healthy postgres
        $entry setup
        for name in ingest worker api; do $entry $name >/var/log/$name.log 2>&1 & healthy $name; done
        $entry nginx >/var/log/nginx.log 2>&1 & healthy nginx'
}

[ "$(id -u)" = 0 ] || die 'needs root, for debootstrap and chroot'
stages=("$@")
[ "$#" -gt 0 ] || stages=(root user image)
mkdir -p "$work"
bare_tree
for stage in "${stages[@]}"; do
    case $stage in root | user | image) ;; *) die "there is no stage $stage" ;; esac
    say "$stage"
    began=$SECONDS
    "prove_$stage"
    say "$stage done in $((SECONDS - began)) s"
    rm -rf "${work:?}/$stage" "${work:?}/$stage-build"
done
say 'proven'
