#!/usr/bin/env bash
# Names that have no place in our sources, each for one reason.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
bad=0

# banned PATTERN REASON PATHSPEC...
banned() {
    local pattern=$1 reason=$2 found
    shift 2
    found=$(git grep -nIP --untracked "$pattern" -- "$@" ':!:tests/lint' ':!:tests/fixtures' ':!:LICENSE' ':!:*package-lock.json')
    [ -z "$found" ] || { printf '%s:\n%s\n' "$reason" "$found" && bad=1; }
}
banned '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca)\s*\(' 'has no bound or no error' '*.c' '*.h'
banned '\b(localtime|gmtime|asctime|ctime|getpwnam)\s*\(' 'is not safe with threads' '*.c' '*.h'
banned '\b(system|popen)\s*\(' 'runs a shell' '*.c' '*.h' ':!:tests'
banned '\bCLOCK_REALTIME\b' 'may be set back; clock.h has both clocks (the three compare file times, or end a wait that is limited otherwise)' \
    '*.c' ':!:base/clock.c' ':!:base/fcgi.c' ':!:storage/eventlog_reader.c' ':!:tests'
banned '(?<![\w>.])rand\s*\(|\bsrand\s*\(' 'is not random' '*.c' '*.h'
banned '\bgoto\b' 'an arena and deferred calls make it needless' 'base/*.c' 'storage/*.c' 'auth/*.c' 'ingest/*.c' 'worker/*.c' 'api/*.c'
banned '\b(TODO|FIXME|XXX|HACK)\b' 'belongs in an issue' '*.c' '*.h' '*.sql' '*.sh' '*.mjs' '*.ts' '*.tsx' '*.css' Makefile '*.md'
banned '"resolved": *"https?:' 'names a registry host' .
banned '\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write)\b' 'breaks Trusted Types' 'frontend/src'
exit "$bad"
