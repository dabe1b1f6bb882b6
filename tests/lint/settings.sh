#!/usr/bin/env bash
# The README's table of settings is the one base/settings.def makes.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
table=$(env -u VEDETTE_CONFIG "${OUT:-build}/${BUILD:-dev}/vedette" settings manual) || exit 1
diff <(printf '%s\n' "$table") <(awk '/^\| setting \|/ { on = 1 } on && !/^\|/ { exit } on' README.md) ||
    { echo 'README.md: replace the table of settings by the output of: vedette settings manual' && exit 1; }
