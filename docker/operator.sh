#!/usr/bin/env bash
# The operator's tool with this instance's settings, as its owner: what `vedette` on the command line is.
# shellcheck source=docker/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"
load_settings
as_owner "$LIB/bin/vedette" "$@"
