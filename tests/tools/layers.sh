#!/bin/sh
# Who may include whom: reads the three tables of HACKING.md (contracts, rooms, doors), then every #include under src/ and
# include/, and fails on one that they do not allow.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck disable=SC2046
awk '
function fail(msg) { print FILENAME ":" FNR ": " msg; bad = 1 }
function allowed(room, to, name,   n, list, i) {
    n = split(may[room], list, " ")
    for (i = 1; i <= n; i++)
        if (list[i] == to || list[i] == to "/" name) return 1
    return 0
}
function opens(header,   best, n, list, i) {
    for (d in door) if (index(header, d) == 1 && length(d) > length(best)) best = d
    if (best == "") return 1
    n = split(door[best], list, " ")
    for (i = 1; i <= n; i++) if (index(FILENAME, list[i]) == 1) return 1
    return 0
}
FILENAME == "HACKING.md" {
    if (/^<!-- [a-z]+ -->$/) { table = $2; next }
    if (table != "" && /^    /) {
        key = $1; rest = $0; sub(/^ *[^ ]+ */, "", rest)
        if (table == "contracts") { n = split(rest, names, " "); for (i = 1; i <= n; i++) home[names[i]] = key }
        if (table == "rooms") may[key] = rest
        if (table == "doors") door[key] = rest
        rows++; seen = 1; next
    }
    if (seen) { table = ""; seen = 0 }
    next
}
FNR == 1 {
    if (FILENAME == "src/main.c") room = "main"
    else if (FILENAME ~ /^src\//) { room = FILENAME; sub(/^src\//, "", room); sub(/\/.*/, "", room) }
    else { name = FILENAME; sub(/.*\//, "", name); sub(/\.h$/, "", name); room = home[name] }
    if (!(room in may)) fail("belongs to no room: name it in HACKING.md")
}
/^[ \t]*#[ \t]*include[ \t]*"[^"]*\// {
    h = $0; sub(/^[^"]*"/, "", h); sub(/".*/, "", h)
    name = h; sub(/^.*\//, "", name); sub(/\.h$/, "", name)
    to = h; sub(/\/.*/, "", to)
    if (to == "lectern") to = home[name]
    if (to == "") fail("includes " h ", which belongs to no room")
    else if (!allowed(room, to, name)) fail(room " may not include " h)
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    h = $0; sub(/^[^<]*</, "", h); sub(/>.*/, "", h)
    if (!opens(h)) fail("opens <" h ">, whose door is elsewhere")
}
END {
    if (rows < 20) { print "HACKING.md: the tables of rooms are not there"; bad = 1 }
    exit bad
}
' HACKING.md $(find src include -name '*.[ch]' | sort)
