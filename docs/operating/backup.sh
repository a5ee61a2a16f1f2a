#!/bin/sh
# A copy of the desk's database into the folder that is named; copies older than five weeks go.
# Safe while the desk runs. Run it as the user matchdesk: sudo -u matchdesk /opt/matchdesk/docs/operating/backup.sh FOLDER
set -eu
umask 077
if [ -z "${DATABASE_URL:-}" ]; then . "${MATCHDESK_ENV:-/etc/matchdesk/desk.env}"; fi
copy="$1/matchdesk-$(date +%Y-%m-%d-%H%M%S)"
case $DATABASE_URL in
postgres*)
    pg_dump --format=custom --no-owner --dbname="$DATABASE_URL" --file="$copy.part"
    mv "$copy.part" "$copy.dump"
    ;;
sqlite:///*)
    # the same as .backup of the command sqlite3, which need not be installed; a plain cp of a file in use is no copy
    python3 -c '
import sqlite3, sys
copy = sqlite3.connect(sys.argv[2])
sqlite3.connect(sys.argv[1]).backup(copy)
sys.exit(copy.execute("PRAGMA integrity_check").fetchone() != ("ok",))
' "${DATABASE_URL#sqlite:///}" "$copy.part"
    mv "$copy.part" "$copy.db"
    ;;
*)
    echo "backup.sh: DATABASE_URL names neither PostgreSQL nor a file of SQLite." >&2
    exit 1
    ;;
esac
find "$1" -name 'matchdesk-*' -mtime +35 -delete
