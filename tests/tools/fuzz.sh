#!/bin/sh
# fuzz.sh SECONDS TARGET...: runs each target, two at a time; prints a line for each and ends with "N passed, N failed".
# FUZZ_SEED (1 where it is not said) makes a run repeatable: it begins with the seeds in tests/fuzz/seeds/NAME alone and makes
# the same inputs in the same order, as many as there is time for. FUZZ_SEED=random also begins with what earlier such runs
# found (build/fuzz/corpus) and keeps what it finds. What goes wrong stays under build/fuzz/crashes and, where it is small, is
# printed, so that it can be tried again from the log alone.
set -u
seconds=$1
shift
seed=${FUZZ_SEED:-1}
mkdir -p build/fuzz/crashes build/fuzz/logs
one() {
    target=$1
    name=${target##*/fuzz_}
    if [ "$seed" = random ]; then
        corpus=build/fuzz/corpus/$name
    else
        corpus=build/fuzz/scratch/$name
        rm -rf "$corpus"
    fi
    mkdir -p "$corpus"
    rm -f "build/fuzz/crashes/$name-"*
    # A leak in one run of an input is a bug as well: LeakSanitizer is on by default.
    "$target" $([ "$seed" = random ] || echo "-seed=$seed -reload=0") -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
        -max_len="${FUZZ_MAX_LEN:-65536}" -print_final_stats=1 -artifact_prefix="build/fuzz/crashes/$name-" \
        "$corpus" "tests/fuzz/seeds/$name" >"build/fuzz/logs/$name.log" 2>&1
    echo $? >"build/fuzz/logs/$name.code"
}
# What the target said before it fell, and the input that brought it down.
explain() {
    grep -E -B 2 'ERROR|SUMMARY|runtime error' "build/fuzz/logs/$1.log" | grep -v '^--\|^#\|NEW_FUNC' | head -n 12
    sed -n 's/^INFO: Seed: /seed /p' "build/fuzz/logs/$1.log"
    for input in "build/fuzz/crashes/$1-"*; do
        [ -f "$input" ] || continue
        size=$(wc -c <"$input")
        echo "again: make fuzzers && build/fuzz/fuzz_$1 $input"
        if [ "$size" -lt 4096 ]; then
            echo "its $size bytes: base64 -d <<'END' >$input"
            base64 -w 120 "$input"
            echo END
        fi
    done
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
            printf 'fuzz %-12s %9s runs in %s s (seed %s), clean\n' "$name" "${runs:-?}" "$seconds" "$seed"
        else
            failed=$((failed + 1))
            printf 'fuzz %-12s FAILED (FUZZ_SEED=%s)\n' "$name" "$seed"
            explain "$name"
        fi
    done
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
