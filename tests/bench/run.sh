#!/bin/sh
# `make bench`: figures of the day beside peers', on the same material, in one run. BENCH=name runs one part:
# start many line fetch scale text extract. BENCH_ENTRIES, BENCH_FEEDS change the sizes. Peers that are not installed are left out with a line
# (`sh tests/tools/deps.sh bench` installs them). Everything is below build/bench and may be deleted.
set -u
build=$1
tools=$build/tests/bench
work=build/bench
entries=${BENCH_ENTRIES:-100000}
feeds=${BENCH_FEEDS:-200}
mkdir -p "$work"
here=$(cd "$work" && pwd)
lectern=$(cd "$build" && pwd)/lectern
pty=$(cd "$tools" && pwd)/bench_pty
load=$(cd "$tools" && pwd)/bench_load
export XDG_CONFIG_HOME="$here/config" XDG_DATA_HOME="$here/data"
unset LECTERN_LIBRARY NO_COLOR
mkdir -p "$XDG_CONFIG_HOME/lectern" "$XDG_DATA_HOME"
echo 'fetch-on-start no' >"$XDG_CONFIG_HOME/lectern/config"

has() { command -v "$1" >/dev/null 2>&1 || { echo "  ($1 is not installed: left out)"; return 1; }; }
# The least of five runs' first figure: what the program costs when nothing else is going on.
least() { for _ in 1 2 3 4 5; do "$@" | awk '/^paint/ { print $2 }'; done | sort -n | head -n 1; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (a > 0) printf "%.1f", b / a; else printf "-" }'; }
# Wall seconds, CPU seconds, MB of memory of a command and its children.
cost() { "$tools/bench_cost" "$@"; }

start() {
    library=$here/start-$entries.db
    per=$((entries / 50))
    echo "== start: $entries entries in 50 feeds, 80x24, from exec to the first screenful (least of 5)"
    [ -f "$library" ] || "$tools/bench_library" "$library" 50 "$per" || return 1
    ours=$(least "$pty" -u Unread -- "$lectern" --library "$library")
    printf '  %-12s %8s ms\n' lectern "$ours"
    if has newsboat && has sqlite3; then
        nb=$here/newsboat-$entries
        if [ ! -f "$nb/cache.db" ]; then
            mkdir -p "$nb"
            i=0
            while [ $i -lt 50 ]; do echo "http://127.0.0.1:9/$i"; i=$((i + 1)); done >"$nb/urls"
            : >"$nb/config"
            newsboat -u "$nb/urls" -c "$nb/cache.db" -C "$nb/config" -x print-unread >/dev/null 2>&1
            "$tools/bench_library" - 50 "$per" newsboat | sqlite3 "$nb/cache.db"
        fi
        theirs=$(least "$pty" -u "Feed 49" -r 60 -- newsboat -u "$nb/urls" -c "$nb/cache.db" -C "$nb/config")
        printf '  %-12s %8s ms   %s times ours\n' newsboat "$theirs" "$(ratio "$ours" "$theirs")"
    fi
}

# A library of 100,000 and of 1,000,000: what a key in the list of all of them costs, on a terminal of 80x24. Wall and processor are
# up to the first bytes of the answer; "then bottom" is pressed before the list is whole. Memory: of the reader alone, at its highest.
many() {
    echo "== many: the list of all essays, least of 5; ms by the clock, ms of the processor (aims: first paint 20, a key 16, 20 MB)"
    printf '  %-22s %16s %16s\n' '' 100,000 1,000,000
    for n in 100000 1000000; do
        library=$here/start-$n.db
        [ -f "$library" ] || "$tools/bench_library" "$library" 50 $((n / 50)) || return 1
        for _ in 1 2 3 4 5; do
            "$pty" -u Unread -k 6G -k '
' -k j -k ' ' -k G -k g -k 500000G -k '&' -k e -k s -k '
' -q Q -- "$lectern" --library "$library"
            "$pty" -u Unread -k '6G
G' -q Q -- "$lectern" --library "$library" | sed -n 's/^key/then/p'
        done >"$here/many-$n"
    done
    figure() { # name, the how manieth key of a run (of those that begin with a word)
        printf '  %-22s' "$1"
        for n in 100000 1000000; do
            awk -v want="$2" -v word="$3" '$1 == "paint" { at = 0 }
                $1 == word { at++ } $1 == word && (want == 0 || at == want) { print (word == "paint" ? $2 : $4), $5 }
                word == "then" { at = 0 }' "$here/many-$n" | sort -n | head -n 1 |
                awk '{ printf " %16s", $2 == "" ? $1 : $1 " / " $2 }'
        done
        echo
    }
    figure 'exec to first paint' 0 paint
    figure 'opening the list' 2 key
    figure 'opening, then bottom' 0 then
    figure 'a line down' 3 key
    figure 'a page down' 4 key
    figure 'to the end' 5 key
    figure 'to line 500,000' 7 key
    figure 'the filter, a letter' 9 key
    figure 'and another' 10 key
    printf '  %-22s' 'memory'
    for n in 100000 1000000; do
        printf ' %13s MB' "$(awk '/^memory/ { print $2 }' "$here/many-$n" | sort -n | head -n 1)"
    done
    echo
}

# Essays of some 8 kB of words that never were, so that they pack as words do.
coming() {
    echo "== coming: 20,000 essays of 8 kB out of a cache of newsboat's (aim: under 5 s)"
    has newsboat && has sqlite3 || return 0
    nb=$here/coming
    if [ ! -f "$nb/cache.db" ]; then
        mkdir -p "$nb"
        i=0
        while [ $i -lt 50 ]; do echo "http://127.0.0.1:9/$i"; i=$((i + 1)); done >"$nb/urls"
        : >"$nb/config"
        newsboat -u "$nb/urls" -c "$nb/part.db" -C "$nb/config" -x print-unread >/dev/null 2>&1
        "$tools/bench_library" - 50 400 newsboat | awk '
            BEGIN {
                srand(1)
                for (i = 0; i < 4000; i++) { n = 2 + int(rand() * 8); for (k = 0; k < n; k++) word[i] = word[i] sprintf("%c", 97 + int(rand() * rand() * 26)) }
            }
            /INTO rss_item/ {
                body = ""
                for (p = 0; p < 10; p++) { body = body "<p>"; for (i = 0; i < 125; i++) body = body word[int(rand() * rand() * 4000)] " "; body = body "</p>" }
                at = index($0, "<p>A short"); $0 = substr($0, 1, at - 1) body substr($0, index($0, "</p>") + 4)
            }
            { print }' | sqlite3 "$nb/part.db"
        mv "$nb/part.db" "$nb/cache.db"
    fi
    for what in first again; do
        [ $what = again ] || rm -f "$here"/coming.db*
        took=$(cost "$lectern" --library "$here/coming.db" import newsboat "$nb")
        # shellcheck disable=SC2086
        set -- $took
        printf '  %-8s %6s s, %6s s of the processor, %s MB of memory\n' $what "$1" "$2" "$3"
    done
    printf '  %.0f MB there, %.0f MB here\n' "$(wc -c <"$nb/cache.db" | awk '{ print $1 / 1048576 }')" "$(wc -c <"$here/coming.db" | awk '{ print $1 / 1048576 }')"
}

# Bytes a key costs: Lectern's own newsletter in a feed, read in each of them in 80x24.
keys() { "$pty" "$@" 2>/dev/null | awk '/^key/ { print $3 }'; }
# The average of so many figures from the n-th on.
some() { echo "$1" | tail -n "+$2" | head -n "$3" | awk '{ n += $1 } END { if (NR) printf "%.0f", n / NR; else printf "-" }'; }
line() {
    echo "== line: bytes to the terminal a key, 80x24, on the same essays"
    dir=$here/line
    mkdir -p "$dir"
    essay=$("$lectern" --library "$here/sample.db" list | head -n 1 | cut -f 1)
    "$lectern" --library "$here/sample.db" read "$essay" --format html >"$dir/essay.html"
    "$lectern" --library "$here/sample.db" read "$essay" --width 80 >"$dir/essay.txt"
    {
        echo '<rss version="2.0"><channel><title>Slow Letters</title><link>https://slowletters.example/</link>'
        "$lectern" --library "$here/sample.db" list | while IFS='	' read -r id _ _ _ title _ address; do
            printf '<item><title>%s</title><guid>%s</guid><description><![CDATA[' "$title" "$address"
            "$lectern" --library "$here/sample.db" read "$id" --format html
            echo ']]></description></item>'
        done
        echo '</channel></rss>'
    } >"$dir/feed.xml"
    rm -f "$dir"/line.db*
    "$lectern" --library "$dir/line.db" add "$dir/feed.xml" >/dev/null
    printf '  %-12s %8s %8s %8s %8s %8s %8s\n' '' 'a move' 'list' 'essay' 'a page' 'a line' 'idle'
    row() { # name, figures: 4 moves, essay, 3 pages, 3 lines, nothing
        printf '  %-12s %8s %8s %8s %8s %8s %8s\n' "$1" "$(some "$2" 2 4)" "$(some "$2" 1 1)" "$(some "$2" 6 1)" "$(some "$2" 7 3)" "$(some "$2" 10 3)" "$(some "$2" 13 1)"
    }
    down=$(printf '\033OB')
    set -- -k "$down" -k "$down" -k "$down" -k "$down" -k '
' -k ' ' -k ' ' -k ' ' -k "$down" -k "$down" -k "$down" -k ''
    row lectern "$(keys -u Unread -k '
' "$@" -q Q -- "$lectern" --library "$dir/line.db")"
    if has newsboat; then
        echo "file://$dir/feed.xml" >"$dir/urls"
        : >"$dir/config"
        rm -f "$dir/cache.db"
        newsboat -u "$dir/urls" -c "$dir/cache.db" -C "$dir/config" -x reload >/dev/null 2>&1
        row newsboat "$(keys -u 'Slow Letters' -k '
' "$@" -q qqq -- newsboat -u "$dir/urls" -c "$dir/cache.db" -C "$dir/config")"
    fi
    pager() { # name, keys of a line down, program: no list
        name=$1 down=$2
        shift 2
        got=$(keys -u Dunton -k ' ' -k ' ' -k ' ' -k "$down" -k "$down" -k "$down" -k '' -q Q -- "$@")
        printf '  %-12s %8s %8s %8s %8s %8s %8s\n' "$name" - - - "$(some "$got" 1 3)" "$(some "$got" 4 3)" "$(some "$got" 7 1)"
    }
    has w3m && pager w3m J w3m -cols 80 "$dir/essay.html"
    has less && pager less j less "$dir/essay.txt"
}

port=18473
# The load of so many feeds, made once, and a server for it.
serve() {
    dir=$here/load-$1
    has nginx || return 1
    if [ ! -d "$dir" ]; then
        mkdir -p "$dir" && "$load" "$dir" "$1" 20 10000 && gzip -1 -k "$dir"/*.xml || return 1
    fi
    cat >"$here/nginx.conf" <<EOF
pid $here/nginx.pid; error_log $here/nginx.err; worker_processes 1; daemon on;
events { worker_connections 512; }
http { access_log off; client_body_temp_path $here/t1; proxy_temp_path $here/t2; fastcgi_temp_path $here/t3; uwsgi_temp_path $here/t4;
scgi_temp_path $here/t5; types { application/rss+xml xml; }
server { listen 127.0.0.1:$port; root $dir; rewrite ^/again/[0-9]+/(.*)$ /\$1 break; gzip_static on; etag on; } }
EOF
    nginx -e "$here/nginx.err" -c "$here/nginx.conf" 2>/dev/null || { echo "  nginx did not start"; return 1; }
}
# A library of nothing but the addresses in a file.
subscribed() {
    rm -f "$here"/fetch.db*
    "$tools/bench_library" "$here/fetch.db" 0 0 && "$tools/bench_subscribe" "$here/fetch.db" "$1" || return 1
    printf 'fetch-on-start no\nfetch-per-host 16\n' >"$here/fetch.conf"
}
ours() { cost "$lectern" --config "$here/fetch.conf" --library "$here/fetch.db" fetch --force; }
figures() { size=$(cat $4 2>/dev/null | wc -c); printf '  %-24s %8s %8s %8s %10s\n' "$1" $3 "$(awk -v b="$size" 'BEGIN { printf "%.0f", b / 1048576 }')"; }

fetch() {
    echo "== fetch: $feeds feeds x 20 essays x 10 kB, gzip, from nginx on loopback"
    serve "$feeds" || return 0
    i=0
    while [ $i -lt "$feeds" ]; do echo "http://127.0.0.1:$port/feed$i.xml"; i=$((i + 1)); done >"$here/urls"
    printf '  %-24s %8s %8s %8s %10s\n' '' 'wall s' 'CPU s' 'MB mem' 'library MB'
    subscribed "$here/urls" || return 1
    figures 'lectern, cold' x "$(ours)" "$here/fetch.db $here/fetch.db-wal"
    figures 'lectern, unchanged' x "$(ours)" "$here/fetch.db $here/fetch.db-wal"
    if has newsboat; then
        nb=$here/newsboat-fetch
        rm -rf "$nb" && mkdir -p "$nb" && cp "$here/urls" "$nb/urls" && echo 'reload-threads 16' >"$nb/config"
        figures 'newsboat (16), cold' x "$(cost newsboat -u "$nb/urls" -c "$nb/cache.db" -C "$nb/config" -x reload)" "$nb/cache.db"
        figures 'newsboat (16), unchanged' x "$(cost newsboat -u "$nb/urls" -c "$nb/cache.db" -C "$nb/config" -x reload)" "$nb/cache.db"
    fi
    if has sfeed_update; then
        sf=$here/sfeed
        rm -rf "$sf" && mkdir -p "$sf/feeds"
        { echo "sfeedpath=\"$sf/feeds\"; maxjobs=16"; echo 'feeds() {'; awk '{ printf "feed \"f%d\" \"%s\"\n", NR, $0 }' "$here/urls"; echo '}'; } >"$sf/rc"
        figures 'sfeed_update (16), cold' x "$(cost sfeed_update "$sf/rc")" "$sf/feeds/*"
    fi
    kill "$(cat "$here/nginx.pid")"
}

# What a feed costs must not grow with their number. Beyond 1,000 the same documents come from other addresses.
scale() {
    echo "== scale: feeds x 20 essays x 10 kB, gzip, from nginx on loopback; ms of CPU a feed"
    serve 1000 || return 0
    printf '  %-24s %8s %8s %8s %10s %10s\n' '' 'wall s' 'CPU s' 'MB mem' 'library MB' 'ms a feed'
    for n in 10 100 1000 5000; do
        i=0
        while [ $i -lt "$n" ]; do echo "http://127.0.0.1:$port/again/$((i / 1000))/feed$((i % 1000)).xml"; i=$((i + 1)); done >"$here/urls"
        subscribed "$here/urls" || return 1
        for what in cold unchanged; do
            figures=$(ours)
            figures "$n feeds, $what" x "$figures" "$here/fetch.db $here/fetch.db-wal" | tr -d '\n'
            echo "$figures" | awk -v n="$n" '{ printf " %10.2f\n", $2 * 1000 / n }'
        done
    done
    rm -f "$here"/fetch.db*
    kill "$(cat "$here/nginx.pid")"
}

text() {
    echo "== text: HTML to set lines at 68 columns, a page of about 1 MB and one of about 10 MB, seconds of the processor"
    mkdir -p "$here/text"
    for size in 1000000 10000000; do
        f=$here/text/$size.html
        [ -f "$f" ] || { "$load" "$here/text" 1 1 $size && { echo '<html><body>'; sed 's/.*<content:encoded><!\[CDATA\[//; s/\]\]>.*//' "$here/text/feed0.xml"; echo '</body></html>'; } >"$f"; }
        set -- "$lectern read --from html --width 68 $f" "w3m -dump -cols 68 -T text/html $f" "lynx -dump -nolist -width=68 $f"
        ours=
        for cmd; do
            name=${cmd%% *}
            [ "$name" = "$lectern" ] || has "$name" || continue
            # shellcheck disable=SC2086
            best=$(for _ in 1 2 3; do cost $cmd; done | sort -n -k 2 | head -n 1)
            took=${best#* }
            took=${took%% *}
            ours=${ours:-$took}
            aim=
            [ "$name" = "$lectern" ] || aim=', aim: 3'
            printf '  %2d MB  %-8s %6s s  %6s MB/s  %s times ours (memory %s MB%s)\n' $((size / 1000000)) "${name##*/}" "$took" \
                "$(awk -v b="$size" -v t="$took" 'BEGIN { printf "%.0f", (t > 0 ? b / t / 1e6 : 0) }')" "$(ratio "$ours" "$took")" "${best##* }" "$aim"
        done
    done
    # The reader opens the first shelf that holds something, then the one essay in it.
    big=$here/text/big.xml
    [ -f "$big" ] || { "$load" "$here/text" 1 1 1000000 && mv "$here/text/feed0.xml" "$big"; }
    rm -f "$here"/big.db*
    "$lectern" --library "$here/big.db" add "$big" >/dev/null
    for _ in 1 2 3 4 5; do
        "$pty" -u Unread -k '
' -k '
' -q qqq -- "$lectern" --library "$here/big.db" | awk '/^key/ { ms = $4; cpu = $5 } END { print cpu, ms }'
    done | sort -n | awk 'NR == 1 { printf "  an essay of 1 MB: %s ms of the processor from the key to its first page (aim: under 15), %s ms by the clock\n", $1, $2 }'
    [ ! -x "$tools/bench_layout" ] || "$tools/bench_layout"
}

# Words in all texts. BENCH_ESSAYS changes how many; the library is made once. Then what a fetch costs while essays are taken in.
search() {
    essays=${BENCH_ESSAYS:-100000}
    library=$here/search-$essays.db
    echo "== search: $essays essays of 10 kB (aim: 30 ms to the first screenful)"
    "$tools/bench_search" "$library" "$essays" 10000
    serve "$feeds" || return 0
    i=0
    while [ $i -lt "$feeds" ]; do echo "http://127.0.0.1:$port/feed$i.xml"; i=$((i + 1)); done >"$here/urls"
    printf '  %-24s %8s %8s %8s %10s\n' "fetching $feeds feeds" 'wall s' 'CPU s' 'MB mem' 'library MB'
    for how in 'alone' 'while indexed'; do
        subscribed "$here/urls" || return 1
        indexer=
        if [ "$how" != alone ]; then
            nice -n 5 "$tools/bench_search" -w "$here/fetch.db" &
            indexer=$!
        fi
        figures "lectern, $how" x "$(ours)" "$here/fetch.db $here/fetch.db-wal"
        [ -z "$indexer" ] || { kill "$indexer"; wait "$indexer" 2>/dev/null; }
    done
    kill "$(cat "$here/nginx.pid")"
}

# Articles out of pages: F1 over words against what a person marked, beside python3-readability and Readability.js (the latter where
# NODE_PATH has @mozilla/readability and jsdom: `npm install @mozilla/readability jsdom` somewhere).
extract() {
    dir=$here/extract
    pages=tests/golden/extract
    mkdir -p "$dir"
    echo "== extract: F1 over words and ms a page, $(ls "$pages"/*.html | wc -l) pages of $(cat "$pages"/*.html | wc -c) bytes"
    "$tools/bench_extract" "$pages" "$dir" || return 1
    set -- lectern
    if /usr/bin/python3 -c 'import readability' 2>/dev/null; then
        /usr/bin/python3 tests/bench/extract_peer.py "$dir" "$pages"/*.html >"$dir/python.ms" && set -- "$@" python
    else
        echo "  (python3-readability is not installed: left out)"
    fi
    if has node && node -e 'require("@mozilla/readability"), require("jsdom")' 2>/dev/null; then
        node tests/bench/extract_peer.js "$dir" "$pages"/*.html >"$dir/js.ms" && set -- "$@" js
    else
        echo "  (Readability.js is not there: left out)"
    fi
    "$tools/bench_extract" "$pages" "$dir" "$@"
}

# Bookmarks out into every form and back.
kept() {
    rm -rf "$here"/kept*
    "$tools/bench_kept" "$here"
}

[ -f "$here/sample.db" ] || "$lectern" --library "$here/sample.db" add lectern:sample >/dev/null
case ${BENCH:-all} in
all) start; many; coming; line; fetch; scale; text; extract; kept
    for b in parse store; do
        [ -x "$tools/bench_$b" ] && { echo "== $b"; "$tools/bench_$b"; }
    done ;;
*) $BENCH ;;
esac
[ "${BENCH:-all}" != all ] || search
