#!/usr/bin/env bash
# All shell scripts pass shellcheck; they are found by name or first line.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
{
    git ls-files -co --exclude-standard '*.sh'
    git grep -lI --untracked -E '^#!(/usr/bin/env bash|/bin/(ba)?sh)' -- ':!:*.sh' ':!:*.md'
} | sort -u | xargs -r shellcheck -x
