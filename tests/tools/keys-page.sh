#!/bin/sh
# Writes the actions, their keys and the commands of the program into man/lectern-keys.7, between its marks:
#   sh tests/tools/keys-page.sh BINARY [OUTPUT]
set -eu
page=$(dirname "$0")/../../man/lectern-keys.7
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"${1:-build/main/lectern}" --config /dev/null keys | awk '
function safe(s) {
    gsub(/\\/, "\\e", s); gsub(/\^/, "\\(ha", s); gsub(/`/, "\\(ga", s); gsub(/\x27/, "\\(aq", s); gsub(/-/, "\\-", s)
    return "\\\\\\&" s
}
function close_list() { if (open) text = text ".El\n"; open = 0 }
NR == FNR && /^$/ { next }
NR == FNR && /^Commands$/ { close_list(); mode = "commands"; next }
NR == FNR && mode == "commands" && /^:/ {
    n = split($0, word, " ")
    commands = commands ".It Ic \\\\\\&" word[1]
    for (i = 2; i <= n; i++) commands = commands " Ar \\\\\\&" word[i]
    commands = commands "\n"
    next
}
NR == FNR && mode == "commands" { sub(/^ +/, ""); commands = commands safe($0) ".\n"; next }
NR == FNR && /^[A-Z]/ { close_list(); text = text ".Ss " $0 "\n.Bl -tag -width Ds\n"; open = 1; next }
NR == FNR && /^[a-z]/ {
    name = $1; what = substr($0, 17)
    text = text ".It Cm " name "\n" safe(what) ".\n"
    next
}
NR == FNR {
    keys = substr($0, 17, 34); where = substr($0, 51)
    if (where == "") keys = substr($0, 17)
    sub(/ +$/, "", keys)
    text = text ".D1 " safe(keys) (where == "" ? "" : " \\(en in " safe(where)) "\n"
    next
}
/^\.\\" end of/ { inside = 0 }
!inside { print }
/^\.\\" actions/ { inside = 1; close_list(); printf "%s", text }
/^\.\\" commands/ { inside = 1; printf "%s", commands }
' - "$page" | sed 's/\\\\\\&/\\\&/g' >"$new"
cat "$new" >"${2:-$page}"
