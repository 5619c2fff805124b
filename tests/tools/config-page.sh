#!/bin/sh
# Writes the options of the program into man/lectern-config.5, between its two marks: sh tests/tools/config-page.sh BINARY
set -eu
page=$(dirname "$0")/../../man/lectern-config.5
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"${1:-build/main/lectern}" options | awk '
NR == FNR && /^$/ { sites = 1; next }
NR == FNR && sites && /^for some/ { next }
NR == FNR && sites {
    n = split($0, word, /  +/)
    site = site ".It Cm " word[1] " Ar " word[2] "\n" word[3] ".\n"
    next
}
NR == FNR && FNR == 1 { a = index($0, "value"); b = index($0, "default"); c = index($0, "meaning"); next }
NR == FNR {
    name = substr($0, 1, a - 1); value = substr($0, a, b - a); def = substr($0, b, c - b); gsub(/ +$/, "", name)
    gsub(/ +$/, "", value); gsub(/ +$/, "", def)
    text = text ".It Cm " name " Ar " value "\n" substr($0, c) ".\n"
    if (def != "-") text = text "Default:\n.Cm " def " .\n"
    next
}
/^\.\\" end of (feed )?options/ { inside = 0 }
!inside { print }
/^\.\\" feed options/ { inside = 1; printf "%s", site }
/^\.\\" options/ { inside = 1; printf "%s", text }
' - "$page" >"$new"
cat "$new" >"$page"
