#!/usr/bin/env bash
# clang-tidy over every C file.  A file whose preprocessed text and checks have not changed since it was
# clean is not looked at again, which keeps the usual run at seconds.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lint/flags
seen=$OUT/tidy
mkdir -p "$seen"
export OUT seen

tidy_one() {
    local mark
    . tests/lint/flags
    mark=$({ cat .clang-tidy && gcc "${FLAGS[@]}" -E "$1"; } 2>/dev/null | sha256sum | cut -c1-40)
    [ ! -e "$seen/$mark" ] || return 0
    clang-tidy --quiet --warnings-as-errors='*' "$1" -- "${FLAGS[@]}" 2>/dev/null && : >"$seen/$mark"
}
export -f tidy_one
# shellcheck disable=SC2016 # the inner bash expands it
git ls-files -co --exclude-standard -z '*.c' ':!:tests/*' | xargs -0 -r -n 1 -P "$(nproc)" bash -c 'tidy_one "$0"'
