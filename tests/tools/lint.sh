#!/bin/sh
# Format, warnings, layers, manual pages, shell scripts' syntax, static analysis. Prints a line for each check and ends with
# "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
check() {
    name=$1
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        printf 'lint %-10s ok\n' "$name"
    else
        failed=$((failed + 1))
        printf 'lint %-10s FAILED\n' "$name"
        head -n 40 "$log"
    fi
}
sources() { find src include tests -name '*.[ch]'; }
# shellcheck disable=SC2046
format() { clang-format --dry-run -Werror $(sources); }
layers() { sh tests/tools/layers.sh; }
warnings() { make --no-print-directory -j2 B=build/lint CC="${LINT_CC:-clang}" CFLAGS='-O1 -g -Wno-unused-command-line-argument' CI=1 build/lint/lectern; }
manuals() {
    for page in man/*; do
        mandoc -Tlint -W warning "$page" || return 1
    done
}
scripts() {
    for s in .ci/run tests/tools/*.sh tests/bench/*.sh; do
        [ ! -e "$s" ] || sh -n "$s" || return 1
    done
}
analysis() {
    mkdir -p build/lint/cppcheck && cppcheck -q -j2 --cppcheck-build-dir=build/lint/cppcheck --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches --suppress=unknownMacro:src/*/*json* -Iinclude -Isrc \
        -D_GNU_SOURCE -DLECTERN_PREFIX='"/usr/local"' src
}
# Files are one idea each: over 800 lines (in tests 1,000) is a room that wants a wall.
length() { sources | xargs wc -l | awk '$2 != "total" && $1 > ($2 ~ /^tests/ ? 1000 : 800) { print; bad = 1 } END { exit bad }'; }
check format format
check layers layers
check warnings warnings
check manuals manuals
check scripts scripts
check analysis analysis
check length length
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
