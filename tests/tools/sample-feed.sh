#!/bin/sh
# Dresses the essays of the sample newsletter (src/sample/*.md) as the one feed a Substack would serve, on standard output:
#   sh tests/tools/sample-feed.sh >src/sample/slow-letters.xml
# Not part of the build: the feed is kept in the repository, and tests/unit/test_sample.c fails when the two part. It reads
# as much Markdown as the essays use: one paragraph a line, headings, lists, quotations, code, notes, pictures.
set -eu
cd "$(dirname "$0")/../../src/sample"
newest_first() {
    for f in *.md; do
        printf '%s %s\n' "$(sed -n 's/^date: //p' "$f" | head -n 1)" "$f"
    done | sort -r | cut -d ' ' -f 2
}
LC_ALL=C
export LC_ALL
# shellcheck disable=SC2046
awk '
BEGIN {
    for (i = 1; i < 256; i++) ord[sprintf("%c", i)] = i
    split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", months, " ")
    split("Sun Mon Tue Wed Thu Fri Sat", days, " ")
    site = "https://slowletters.example"
    name = "Slow Letters"
    about = "Long essays on reading, letters and the machines we read them with"
}
function cdata(s) { return "<![CDATA[" s "]]>" }
# Everything beyond ASCII as a number, as Substack writes it.
function numeric(s,    out, i, c, n, v) {
    if (s !~ /[\200-\377]/) return s
    out = ""
    for (i = 1; i <= length(s); i += n) {
        c = ord[substr(s, i, 1)]
        n = c < 128 ? 1 : c < 224 ? 2 : c < 240 ? 3 : 4
        if (n == 1) { out = out substr(s, i, 1); continue }
        v = n == 2 ? c - 192 : n == 3 ? c - 224 : c - 240
        for (k = 1; k < n; k++) v = v * 64 + ord[substr(s, i + k, 1)] - 128
        out = out "&#" v ";"
    }
    return out
}
function escape(s) {
    gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
    return s
}
# Pairs of a mark as a pair of tags.
function pairs(s, mark, tag,    out, at, end, n) {
    out = ""; n = length(mark)
    while ((at = index(s, mark)) && (end = index(substr(s, at + n), mark)) > 1) {
        out = out substr(s, 1, at - 1) "<" tag ">" substr(s, at + n, end - 1) "</" tag ">"
        s = substr(s, at + n + end - 1 + n)
    }
    return out s
}
function inline(s,    out, m, a, b) {
    s = escape(s)
    while (match(s, /\[\^[0-9]+\]/)) {
        m = substr(s, RSTART + 2, RLENGTH - 3)
        s = substr(s, 1, RSTART - 1) "<a class=\"footnote-anchor\" data-component-name=\"FootnoteAnchorToDOM\" id=\"footnote-anchor-" m "\" href=\"#footnote-" m "\" target=\"_self\">" m "</a>" substr(s, RSTART + RLENGTH)
    }
    out = ""
    while (match(s, /\[[^\]]+\]\([^)]+\)/)) {
        m = substr(s, RSTART + 1, RLENGTH - 2); a = index(m, "](")
        out = out substr(s, 1, RSTART - 1) "<a href=\"" substr(m, a + 2) "\">" substr(m, 1, a - 1) "</a>"
        s = substr(s, RSTART + RLENGTH)
    }
    s = pairs(pairs(pairs(out s, "`", "code"), "**", "strong"), "*", "em")
    return numeric(s)
}
function media(url, width, kind) {
    b = url; gsub(/:/, "%3A", b); gsub(/\//, "%2F", b)
    return "https://cdn.slowletters.example/image/fetch/$s_!slow!,w_" width ",c_limit,f_" kind ",q_auto:good,fl_progressive:steep/" b
}
function srcset(url, kind) {
    return media(url, 424, kind) " 424w, " media(url, 848, kind) " 848w, " media(url, 1456, kind) " 1456w"
}
function figure(caption, url,    size, w, h, type) {
    size = url; sub(/^.*_/, "", size); w = size + 0; sub(/^[0-9]+x/, "", size); h = size + 0
    type = url ~ /png$/ ? "image/png" : "image/jpeg"
    return "<div class=\"captioned-image-container\"><figure><a class=\"image-link image2 is-viewable-img\" target=\"_blank\" href=\"" url "\" data-component-name=\"Image2ToDOM\"><div class=\"image2-inset\"><picture><source type=\"image/webp\" srcset=\"" srcset(url, "webp") "\" sizes=\"100vw\"><img src=\"" media(url, 1456, "auto") "\" width=\"" w "\" height=\"" h "\" data-attrs=\"{&quot;src&quot;:&quot;" url "&quot;,&quot;srcNoWatermark&quot;:null,&quot;fullscreen&quot;:null,&quot;imageSize&quot;:null,&quot;height&quot;:" h ",&quot;width&quot;:" w ",&quot;resizeWidth&quot;:null,&quot;alt&quot;:null,&quot;title&quot;:null,&quot;type&quot;:&quot;" type "&quot;,&quot;href&quot;:null,&quot;belowTheFold&quot;:true,&quot;topImage&quot;:false,&quot;isProcessing&quot;:false,&quot;align&quot;:null,&quot;offset&quot;:false}\" class=\"sizing-normal\" alt=\"\" srcset=\"" srcset(url, "auto") "\" sizes=\"100vw\" loading=\"lazy\"></picture><div class=\"image-link-expand\"><div class=\"pencraft pc-display-flex pc-gap-8 pc-reset\"><button tabindex=\"0\" type=\"button\" class=\"pencraft pc-reset pencraft icon-container restack-image\"><svg role=\"img\" width=\"20\" height=\"20\" viewBox=\"0 0 20 20\" fill=\"none\"><g><title></title><path d=\"M2.53001 7.81595C3.49179 4.73911 6.43281 2.5 9.91173 2.5\"></path></g></svg></button><button tabindex=\"0\" type=\"button\" class=\"pencraft pc-reset pencraft icon-container view-image\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"20\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\"><polyline points=\"15 3 21 3 21 9\"></polyline></svg></button></div></div></div></a><figcaption class=\"image-caption\">" inline(caption) "</figcaption></figure></div>"
}
function widget() {
    return "<div class=\"subscription-widget-wrap-editor\" data-attrs=\"{&quot;url&quot;:&quot;" site "/subscribe?&quot;,&quot;text&quot;:&quot;Subscribe&quot;,&quot;language&quot;:&quot;en&quot;}\" data-component-name=\"SubscribeWidgetToDOM\"><div class=\"subscription-widget show-subscribe\"><div class=\"preamble\"><p class=\"cta-caption\">Thanks for reading " name "! Subscribe for free to receive new posts and support my work.</p></div><form class=\"subscription-widget-subscribe\"><input type=\"email\" class=\"email-input\" name=\"email\" placeholder=\"Type your email&#8230;\" tabindex=\"-1\"><input type=\"submit\" class=\"button primary\" value=\"Subscribe\"><div class=\"fake-input-wrapper\"><div class=\"fake-input\"></div><div class=\"fake-button\"></div></div></form></div></div>"
}
function close_list() { if (list) body = body "</" list ">"; list = "" }
function close_quote() { if (quote) body = body "</blockquote>"; quote = 0 }
function close_all() { close_list(); close_quote() }
function item(tag, text) {
    if (list != tag) { close_all(); body = body "<" tag ">"; list = tag }
    body = body "<li><p>" inline(text) "</p></li>"
}
function weekday(y, m, d,    t) {
    t = m < 3 ? y - 1 : y
    return days[(t + int(t / 4) - int(t / 100) + int(t / 400) + substr("032503514624", m, 1) + d) % 7 + 1]
}
function rfc822(s,    y, m, d) {
    y = substr(s, 1, 4) + 0; m = substr(s, 6, 2) + 0; d = substr(s, 9, 2) + 0
    return weekday(y, m, d) ", " substr(s, 9, 2) " " months[m] " " y " " substr(s, 12, 8) " GMT"
}
function end_item() {
    close_all()
    for (i = 1; i <= notes; i++)
        body = body "<div class=\"footnote\" data-component-name=\"FootnoteToDOM\"><a id=\"footnote-" i "\" href=\"#footnote-anchor-" i "\" class=\"footnote-number\" contenteditable=\"false\" target=\"_self\">" i "</a><div class=\"footnote-content\"><p>" note[i] "</p></div></div>"
    enclosure = head["audio"] ? "<enclosure url=\"" head["audio"] "\" length=\"0\" type=\"audio/mpeg\"/>" : "<enclosure url=\"" media(head["image"], 1456, "auto") "\" length=\"0\" type=\"image/jpeg\"/>"
    items = items "<item><title>" cdata(head["title"]) "</title><description>" cdata(head["subtitle"]) "</description><link>" head["url"] "</link><guid isPermaLink=\"false\">" head["url"] "</guid><dc:creator>" cdata(head["author"]) "</dc:creator><pubDate>" rfc822(head["date"]) "</pubDate>" enclosure "<content:encoded>" cdata(body) "</content:encoded></item>"
    if (!newest) newest = head["date"]
}
FNR == 1 {
    if (NR > 1) end_item()
    body = ""; notes = 0; fence = 0; verse = 0; quote = 0; list = ""; front = 0
    split("", head); split("", note)
}
/^---$/ && (FNR == 1 || front == 1) { front++; next }
front == 1 { at = index($0, ": "); head[substr($0, 1, at - 1)] = substr($0, at + 2); next }
fence && /^```/ { body = body "</code></code></pre>"; fence = 0; next }
fence { body = body numeric(escape($0)) "\n"; next }
/^```/ { close_all(); body = body "<pre><code><code>"; fence = 1; next }
/^<div class="preformatted-block">/ {
    close_all(); verse = 1
    sub(/<div class="preformatted-block">/, "<div class=\"preformatted-block\" data-component-name=\"PreformattedTextBlockToDOM\"><label class=\"hide-text\" contenteditable=\"false\">Text within this block will maintain its original spacing when published</label>")
}
verse { verse = $0 !~ /<\/pre><\/div>/; body = body numeric($0) (verse ? "\n" : ""); next }
/^$/ { next }
/^<!-- subscribe -->/ { close_all(); body = body widget(); next }
/^<div class="pullquote">/ { close_all(); body = body numeric($0); next }
/^\[\^[0-9]+\]: / { at = index($0, "]"); note[++notes] = inline(substr($0, at + 3)); next }
/^!\[/ { close_all(); at = index($0, "]("); body = body figure(substr($0, 3, at - 3), substr($0, at + 2, length($0) - at - 2)); next }
/^---$/ { close_all(); body = body "<div><hr></div>"; next }
/^## / { close_all(); body = body "<h2>" inline(substr($0, 4)) "</h2>"; next }
/^### / { close_all(); body = body "<h3>" inline(substr($0, 5)) "</h3>"; next }
/^- / { item("ul", substr($0, 3)); next }
/^[0-9]+\. / { sub(/^[0-9]+\. /, ""); item("ol", $0); next }
/^>$/ { next }
/^> / {
    close_list()
    if (!quote) { body = body "<blockquote>"; quote = 1 }
    body = body "<p>" inline(substr($0, 3)) "</p>"; next
}
{ close_all(); body = body "<p>" inline($0) "</p>" }
END {
    end_item()
    me = cdata("slowletters@slowletters.example")
    printf "%s", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:atom=\"http://www.w3.org/2005/Atom\" version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" xmlns:googleplay=\"http://www.google.com/schemas/play-podcasts/1.0\"><channel><title>" cdata(name) "</title><description>" cdata(about) "</description><link>" site "</link><image><url>" media("https://media.slowletters.example/public/images/3b7a52c4-90de-4f61-8c1e-d24b6f8a9037_256x256.png", 256, "auto") "</url><title>" name "</title><link>" site "</link></image><generator>Substack</generator><lastBuildDate>" rfc822(newest) "</lastBuildDate><atom:link href=\"" site "/feed\" rel=\"self\" type=\"application/rss+xml\"/><copyright>" cdata("The Editors") "</copyright><language>" cdata("en") "</language><webMaster>" me "</webMaster><itunes:owner><itunes:email>" me "</itunes:email><itunes:name>" cdata("The Editors") "</itunes:name></itunes:owner><itunes:author>" cdata("The Editors") "</itunes:author><googleplay:owner>" me "</googleplay:owner><googleplay:email>" me "</googleplay:email><googleplay:author>" cdata("The Editors") "</googleplay:author><itunes:block>" cdata("Yes") "</itunes:block>" items "</channel></rss>"
}' $(newest_first)
