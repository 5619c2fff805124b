#!/bin/sh
# Who may include whom: reads every #include under src/ and include/ and fails on one that the table in HACKING.md does
# not allow. The table here is the one that is checked; HACKING.md shows the same lines between its "layers" marks.
set -u
cd "$(dirname "$0")/../.." || exit 1
awk '
function fail(msg) { print FILENAME ":" FNR ": " msg; bad = 1 }
function room_of_header(h) { return (h in home) ? home[h] : "" }
BEGIN {
    # room: the public headers that are its contract
    split("base:err mem buf utf8 conf path version log json;text:doc html markdown layout page write role;" \
          "feed:feed sample entities;store:store;fetch:fetch client;audio:audio;cli:command", rooms, ";")
    for (i in rooms) {
        split(rooms[i], half, ":")
        n = split(half[2], names, " ")
        for (j = 1; j <= n; j++) home[names[j]] = half[1]
    }
    # room: the rooms below it that it may know
    may["base"] = "base"
    may["text"] = "base text"
    may["feed"] = "base feed"
    may["sample"] = "base feed sample"
    may["store"] = "base feed store"
    may["fetch"] = "base feed store fetch"
    may["audio"] = "base feed audio"
    may["ui"] = "base text feed store fetch audio ui command"
    may["cli"] = "base text feed store fetch audio cli"
    may["main"] = "base cli ui"
    # doors: system headers that only the named files may open (a regular expression on the path)
    door["curses.h"] = door["ncurses.h"] = door["term.h"] = "^src/ui/term[a-z_]*\\.c$"
    door["curl/"] = "^src/(fetch/http[a-z_]*|cli/version)\\.c$"
    door["sqlite3.h"] = "^src/(store/.*|cli/version\\.c)$"
    door["zstd.h"] = "^src/(store/.*|cli/version\\.c)$"
    door["libxml/HTML"] = "^src/text/html[a-z_]*\\.c$"
    door["libxml/"] = "^src/(feed/[a-z_]*|text/html[a-z_]*|cli/version)\\.[ch]$"
    door["mkdio.h"] = "^src/(text/markdown[a-z_]*|cli/version)\\.c$"
    # fetch/client is the only part of fetch that the ui may know
    only["ui fetch"] = "client"
}
FNR == 1 {
    room = FILENAME
    if (room ~ /^src\/main\.c$/) room = "main"
    else if (room ~ /^src\//) { sub(/^src\//, "", room); sub(/\/.*/, "", room) }
    else { sub(/^include\/lectern\//, "", room); sub(/\.h$/, "", room); room = room_of_header(room) }
    if (room == "" || !(room in may)) fail("belongs to no room; name it in tests/tools/layers.sh")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    h = $0; sub(/^[^"]*"/, "", h); sub(/".*/, "", h)
    if (h ~ /^lectern\//) { name = h; sub(/^lectern\//, "", name); sub(/\.h$/, "", name); to = room_of_header(name) }
    else if (h ~ /\//) { to = h; sub(/\/.*/, "", to); name = "" }
    else next # beside the file
    if (to == "") { fail("includes " h ", which belongs to no room"); next }
    if (to == "cli" && name == "command" && room == "ui") next
    if (index(" " may[room] " ", " " to " ") == 0) fail(room " may not include " h " (" to ")")
    else if ((room " " to) in only && name != only[room " " to]) fail(room " may know only " only[room " " to] " of " to)
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    h = $0; sub(/^[^<]*</, "", h); sub(/>.*/, "", h)
    best = ""
    for (d in door) if (index(h, d) == 1 && length(d) > length(best)) best = d
    if (best != "" && FILENAME !~ door[best] && !(best == "libxml/" && FILENAME ~ door["libxml/"])) fail("opens " h ", whose door is elsewhere")
}
END { exit bad }
' $(find src include -name '*.[ch]' | sort) || exit 1
