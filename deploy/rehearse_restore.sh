#!/bin/sh
# Restores the newest copy to a place of its own, proves it, and takes it away again: a rehearsal that touches no books.
# For PostgreSQL name an empty database for it in POOLEDFUND_REHEARSAL. Where the books hold several pools, name them in
# POOLEDFUND_POOLS.
set -eu
: "${POOLEDFUND_BACKUPS:?name the folder of the copies in POOLEDFUND_BACKUPS}"
newest=$(ls "$POOLEDFUND_BACKUPS" | grep '^books-[0-9TZ]*\.d' | sort | tail -n 1)
[ -n "$newest" ] || { echo "There is no copy of the books in $POOLEDFUND_BACKUPS: run backup.sh first" >&2; exit 2; }
case $newest in
  *.dump)
    : "${POOLEDFUND_REHEARSAL:?name an empty PostgreSQL database for the rehearsal in POOLEDFUND_REHEARSAL}"
    pg_restore --exit-on-error --no-owner --no-privileges --dbname="$POOLEDFUND_REHEARSAL" "$POOLEDFUND_BACKUPS/$newest"
    place=$POOLEDFUND_REHEARSAL
    ;;
  *)
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    place=$folder/books.db
    pooledfund restore "$POOLEDFUND_BACKUPS/$newest" --db "$place"
    ;;
esac
if [ -z "${POOLEDFUND_POOLS:-}" ]; then pooledfund verify --db "$place"; fi
for pool in ${POOLEDFUND_POOLS:-}; do pooledfund verify --db "$place" --pool "$pool"; done
echo "Rehearsed: $newest restores and proves"
