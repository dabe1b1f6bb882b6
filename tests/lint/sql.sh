#!/usr/bin/env bash
# Every named statement of storage/*.sql can be prepared against a freshly migrated database.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
if [ -z "${VEDETTE_TEST_DATABASE:-}" ]; then exec tests/scratch_postgres.sh "$0"; fi

scratch="lint_sql_$$"
psql -X -q -d "$VEDETTE_TEST_DATABASE" -c "create database $scratch" || exit 1
database="$VEDETTE_TEST_DATABASE dbname=$scratch"
migrated=$(cat migrations/*.sql | psql -X -q -v ON_ERROR_STOP=1 -d "$database" 2>&1) || { echo "$migrated" && exit 1; }
psql -X -q -d "$database" -c 'create table schema_migration (version int primary key, name text not null, applied timestamptz not null)' || exit 1

# A temporary table is made where the others are prepared, because later statements need it.
prepared=$({
    awk '/^-- :name / { end(); name = $3; next }
         /^[ \t]*--/ || name == "" { next }
         { sub(/;[ \t]*$/, "") }
         !begun { begun = 1; if (!/^create temporary/) print "prepare " name " as" }
         { print }
         ENDFILE { end() }
         function end() { if (name != "") print ";"; name = ""; begun = 0 }' storage/*.sql
} | psql -X -q -d "$database" 2>&1)
psql -X -q -d "$VEDETTE_TEST_DATABASE" -c "drop database $scratch"
[ -z "$prepared" ] || { echo "$prepared" && exit 1; }
