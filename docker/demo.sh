#!/usr/bin/env bash
# Sends real SDK traffic of tests/fixtures/demo to the running instance.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings
[ "$(http_status /api/relay/healthcheck/ready/)" = 200 ] || die 'Vedette does not run; start it by make up'
dsn=$(as_owner "$LIB/bin/vedette" dsn | awk 'NR == 1 { print $2 }')
[ -n "$dsn" ] || die 'there is no project with an active key'
# The sender is next door: the address people use may lead through a proxy.
key=${dsn#*://} key=${key%%@*}
node "$SCRIPTS/demo.mjs" "http://$key@127.0.0.1:$PORT/${dsn##*/}" "${ROUNDS:-12}"
say "See them at ${setting[public_url]}"
