#!/usr/bin/env bash
# Every header compiles by itself, so that no file depends on the order of its includes.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lint/flags
bad=0
while IFS= read -r header; do
    case $(head -n 1 "$header") in *'X-macro'*) continue ;; esac
    printf '#include "%s"\n' "$header" |
        gcc "${FLAGS[@]}" -Wall -Wextra -Wno-unused-const-variable -Werror -fsyntax-only -x c - || { echo "$header does not stand alone" && bad=1; }
done < <(git ls-files -co --exclude-standard '*.h' ':!:tests/*')
exit "$bad"
