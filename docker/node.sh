#!/usr/bin/env bash
# Fetches the Node pinned in docker/node/package-lock.json into build/node, by npm, which checks its
# digest.  Debian's Node is too old to build the app; this one is used even where another is present.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
to=$(dirname "$here")/build/node

if cmp -s "$here/node/package-lock.json" "$to/package-lock.json" && "$to/bin/node" --version >/dev/null 2>&1; then
    exit 0
fi
rm -rf "$to"
mkdir -p "$to/bin"
cp "$here/node/package.json" "$here/node/package-lock.json" "$to/"
(cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) ||
    { rm -rf "$to" && echo 'vedette: npm could not fetch Node; is the npm registry reachable?' >&2 && exit 1; }
(cd "$to/bin" && ln -s ../node_modules/node-linux-*/bin/node node)
"$to/bin/node" --version
