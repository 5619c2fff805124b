#!/bin/sh
# What `make run` does once Lectern is built: a library of its own in the build folder with the sample newsletter in it, and
# the reader opened on it. Where there is no terminal to read in, the same is shown as text: what there is, one first page.
set -eu
bin=$1
folder=build/sample
library=$folder/library.db
lectern() { "$bin" --library "$library" "$@"; }
# The number of the newest essay; nothing when there is none.
newest() {
    lectern list --json 2>/dev/null | tr '{,' '\n\n' |
        sed -n 's/^ *"id" *: *"\{0,1\}\(b\{0,1\}[0-9][0-9]*\).*/\1/p' | head -n 1
}
mkdir -p "$folder"
essay=
[ ! -e "$library" ] || essay=$(newest)
if [ -z "$essay" ]; then
    # Missing, cut short by an earlier accident, or of another version: it holds nothing of the reader's, make it anew.
    rm -f "$library" "$library"-wal "$library"-shm
    lectern add lectern:sample
    essay=$(newest)
fi
case ${TERM:-dumb} in
dumb | unknown) terminal=no ;;
*) if [ -t 0 ] && [ -t 1 ]; then terminal=yes; else terminal=no; fi ;;
esac
[ "$terminal" = no ] || exec "$bin" --library "$library"

list=$(lectern list)
page=$(lectern read "$essay" --format lines --width 80)
echo "This library holds:"
echo
printf '%s\n' "$list" |
    awk -F '\t' 'NF > 5 { printf "%4s  %s  %-40s %3s min\n", $1, substr($3, 1, 10), $5, $6; next } { print }'
echo
echo "The first page of number $essay, as the reader sets it:"
echo
printf '%s\n' "$page" | sed -n '1,24p'
echo
echo "There is no terminal here to turn its pages in. In one, open the reader with:"
echo
echo "    make run"
echo
echo "or, when Lectern is built:  $bin --library $library"
