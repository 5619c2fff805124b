#!/bin/sh
# Runs the test programs given after the build folder, as many at once as there are processors (TEST_JOBS says otherwise), each
# with a scratch home of its own, and sums what they report into the last line: "N passed, N failed". A program that ends badly
# without saying so counts as one failure.
set -u
build=$1
shift
scratch=$(mktemp -d "${TMPDIR:-/tmp}/lectern-check.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT INT TERM
export build scratch
# One program; its lines are printed in one piece, and "OK BAD" goes into a file of its own.
one='
program=$1 name=$(basename "$1")
mkdir -p "$scratch/$name"
HOME=$scratch/$name XDG_DATA_HOME= XDG_CONFIG_HOME= XDG_CACHE_HOME= XDG_STATE_HOME= XDG_RUNTIME_DIR= LECTERN_LIBRARY= NO_COLOR= \
    LECTERN_BIN=$build/lectern LECTERN_TMP=$scratch/$name LECTERN_ROOT=$PWD \
    CMOCKA_MESSAGE_OUTPUT=stdout "$program" >"$scratch/$name.log" 2>&1
code=$?
ok=$(grep -c "^\[       OK \]" "$scratch/$name.log")
bad=$(sed -n "s/^\[  FAILED  \] tests: \([0-9]*\) test(s).*/\1/p; s/^\[  FAILED  \] [^:]*: \([0-9]*\) test(s).*/\1/p" "$scratch/$name.log" | tail -n 1)
bad=${bad:-0}
if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
{
    printf "%-28s %4d passed" "$name" "$ok"
    if [ "$bad" -ne 0 ]; then
        printf ", %d failed (exit %d)\n" "$bad" "$code"
        grep -v "^\[ RUN      \]\|^\[       OK \]" "$scratch/$name.log" | tail -n 60
    else
        printf "\n"
    fi
} >"$scratch/$name.said"
cat "$scratch/$name.said"
echo "$ok $bad" >"$scratch/$name.sum"
'
jobs=${TEST_JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)}
printf '%s\n' "$@" | xargs -P "$jobs" -n 1 sh -c "$one" sh
passed=0 failed=0
for program; do
    ok=0 bad=1 # a program that left no sum was killed
    sum=$scratch/$(basename "$program").sum
    [ ! -s "$sum" ] || read -r ok bad <"$sum"
    passed=$((passed + ok)) failed=$((failed + bad))
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
