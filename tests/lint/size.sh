#!/usr/bin/env bash
# Functions of at most 60 lines and complexity 15, files of at most 800 lines.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
bad=0
while IFS=$'\t' read -r complexity _ _ _ lines place; do
    if [ "$lines" -gt 60 ] || [ "$complexity" -gt 15 ]; then
        printf '%s: %s lines, complexity %s\n' "$place" "$lines" "$complexity"
        bad=1
    fi
done < <(git ls-files -co --exclude-standard -z '*.c' ':!:tests/*' | xargs -0 -r pmccabe)
while read -r lines file; do
    [ "$file" = total ] || [ "$lines" -le 800 ] || { printf '%s has %s lines\n' "$file" "$lines" && bad=1; }
done < <(git ls-files -co --exclude-standard -z '*.c' '*.h' '*.sh' '*.mjs' '*.ts' '*.tsx' '*.css' '*.sql' | xargs -0 wc -l)
exit "$bad"
