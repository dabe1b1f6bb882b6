#!/usr/bin/env bash
# credentials.sh json|words: the first administrator's account, until its password is changed.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings
file=$DATA/credentials.json

field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" <<<"$json"; }

if ! json=$(as_owner cat "$file" 2>/dev/null); then
    case ${1:-} in
    words) say "Vedette runs at ${setting[public_url]}" && exit 0 ;;
    *) die 'the first password has been changed, or came from a backup, so it is no longer kept here; vedette createuser E-MAIL makes a new one' ;;
    esac
fi
case ${1:-} in
json) say "$json" ;;
words)
    cat <<WORDS

Vedette runs at ${setting[public_url]}

  e-mail    $(field email)
  password  $(field password)
  DSN       $(field dsn)

Send the first events by: make demo
WORDS
    ;;
*) die 'credentials.sh json|words' ;;
esac
