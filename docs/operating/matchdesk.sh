#!/bin/sh
# /usr/local/bin/matchdesk: the command matchdesk with this server's settings. Run it as: sudo -u matchdesk matchdesk …
set -eu
set -a
. "${MATCHDESK_ENV:-/etc/matchdesk/desk.env}"
set +a
exec "${MATCHDESK_HOME:-/opt/matchdesk}/.venv/bin/matchdesk" "$@"
