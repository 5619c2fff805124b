#!/bin/sh
# fuzz.sh SECONDS TARGET...: runs each target on its seeds (tests/fuzz/seeds/NAME) and what earlier runs found, two at a
# time; prints a line for each and ends with "N passed, N failed". A crash keeps its input under build/fuzz/crashes.
set -u
seconds=$1
shift
mkdir -p build/fuzz/crashes build/fuzz/logs
one() {
    target=$1
    name=${target##*/fuzz_}
    mkdir -p "build/fuzz/corpus/$name"
    # A leak in one run of an input is a bug as well: LeakSanitizer is on by default.
    "$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len="${FUZZ_MAX_LEN:-65536}" -print_final_stats=1 \
        -artifact_prefix="build/fuzz/crashes/$name-" "build/fuzz/corpus/$name" "tests/fuzz/seeds/$name" \
        >"build/fuzz/logs/$name.log" 2>&1
    echo $? >"build/fuzz/logs/$name.code"
}
for target; do mkdir -p "tests/fuzz/seeds/${target##*/fuzz_}"; done
passed=0 failed=0
while [ $# -gt 0 ]; do
    one "$1" & first=$1
    second=
    [ $# -gt 1 ] && { one "$2" & second=$2; shift; }
    shift
    wait
    for target in $first $second; do
        name=${target##*/fuzz_}
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/logs/$name.log")
        if [ "$(cat "build/fuzz/logs/$name.code")" -eq 0 ]; then
            passed=$((passed + 1))
            printf 'fuzz %-12s %9s runs in %s s, clean\n' "$name" "${runs:-?}" "$seconds"
        else
            failed=$((failed + 1))
            printf 'fuzz %-12s FAILED\n' "$name"
            grep -E 'ERROR|SUMMARY|runtime error|artifact|Test unit' "build/fuzz/logs/$name.log" | head -n 8
        fi
    done
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
