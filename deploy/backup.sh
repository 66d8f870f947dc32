#!/bin/sh
# Copies the books to POOLEDFUND_BACKUPS while people work in them, proves the copy, and keeps the newest POOLEDFUND_KEEP.
# A file is copied by 'pooledfund backup'; a PostgreSQL database by its own pg_dump, whose list of contents is read back.
set -eu
: "${POOLEDFUND_DB:?name the books in POOLEDFUND_DB}"
: "${POOLEDFUND_BACKUPS:?name the folder of the copies in POOLEDFUND_BACKUPS}"
keep=${POOLEDFUND_KEEP:-35}
case $keep in *[!0-9]* | '' | 0) echo "POOLEDFUND_KEEP is '$keep': write how many copies are kept, such as 35" >&2; exit 2 ;; esac
umask 077
mkdir -p "$POOLEDFUND_BACKUPS"
now=$(date -u +%Y%m%dT%H%M%SZ)

# copy NAME PLACE: one copy of a database, under a name that sorts by time; a half copy never gets that name.
copy() {
  case $2 in
    postgres://* | postgresql://*)
      whole=$POOLEDFUND_BACKUPS/$1-$now.dump
      pg_dump --format=custom --file="$whole.part" --dbname="$2"
      pg_restore --list "$whole.part" >/dev/null
      ;;
    *)
      whole=$POOLEDFUND_BACKUPS/$1-$now.db
      rm -f "$whole.part"
      if [ "$1" = books ]; then pooledfund backup "$whole.part" --db "$2"; else
        python -c 'import contextlib, sqlite3, sys
with contextlib.closing(sqlite3.connect(sys.argv[1])) as old, contextlib.closing(sqlite3.connect(sys.argv[2])) as new:
    old.backup(new)
    assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)' "$2" "$whole.part"
      fi
      ;;
  esac
  mv "$whole.part" "$whole"
  echo "Kept $whole"
  # Names hold the time, so the oldest come first.
  ls "$POOLEDFUND_BACKUPS" | grep "^$1-[0-9TZ]*\.d" | sort | head -n "-$keep" | while read -r old; do
    rm -f "$POOLEDFUND_BACKUPS/$old"
    echo "Removed $old"
  done
}

copy books "$POOLEDFUND_DB"
if [ -n "${POOLEDFUND_PEOPLE:-}" ] && { [ -e "$POOLEDFUND_PEOPLE" ] || [ "${POOLEDFUND_PEOPLE#postgres}" != "$POOLEDFUND_PEOPLE" ]; }; then
  copy people "$POOLEDFUND_PEOPLE"
fi
