#!/usr/bin/env bash
# clang-format 14 would change nothing.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
git ls-files -co --exclude-standard -z '*.c' '*.h' | xargs -0 -r clang-format --dry-run --Werror
