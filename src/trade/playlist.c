// Recordings for programs that play them: a playlist, and a podcast feed. Titles are anybody's
// words: what has no place in a line, or in XML at all, becomes a blank.
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lectern/export.h"
#include "lectern/utf8.h"
#include "lectern/when.h"

// Bytes of a name that a program should have to bear.
enum { LONGEST_TITLE = 1000 };

// One line of clean UTF-8, blanks at either end left out.
static void clean(const char *s, struct buf *out)
{
    size_t len = strlen(s), from = out->len;
    buf_str(out, "");
    for (size_t i = 0; i < len && out->len - from < LONGEST_TITLE;) {
        uint32_t cp;
        size_t n = utf8_decode(s + i, len - i, &cp);
        bool blank = cp <= ' ' || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029 ||
                     cp == 0xfffe || cp == 0xffff;
        if (!blank)
            buf_utf8(out, cp);
        else if (out->len > from && out->data[out->len - 1] != ' ')
            buf_char(out, ' ');
        i += n;
    }
    while (out->len > from && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
}

static void line_title(const struct export_sound *s, struct buf *out)
{
    if (s->feed_title && *s->feed_title) {
        clean(s->feed_title, out);
        buf_str(out, " - ");
    }
    clean(s->title, out);
}

void export_m3u(const struct export_sound *all, size_t n, const char *title, struct buf *out)
{
    buf_str(out, "#EXTM3U\n#PLAYLIST:");
    clean(title, out);
    buf_char(out, '\n');
    for (size_t i = 0; i < n; i++) {
        buf_printf(out, "#EXTINF:%lld,",
                   all[i].seconds >= 1 ? (long long)(all[i].seconds + 0.5) : -1LL);
        line_title(&all[i], out);
        buf_printf(out, "\n%s\n", all[i].address);
    }
}

static void element(struct buf *out, const char *name, const char *value)
{
    struct buf text = {0};
    clean(value, &text);
    buf_printf(out, "      <%s>", name);
    buf_markup(out, buf_cstr(&text));
    buf_printf(out, "</%s>\n", name);
    buf_free(&text);
}

static const char *type_of(const struct export_sound *s)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".mp3", "audio/mpeg"}, {".m4a", "audio/x-m4a"}, {".m4b", "audio/x-m4a"},
                 {".mp4", "audio/mp4"},  {".aac", "audio/aac"},   {".ogg", "audio/ogg"},
                 {".oga", "audio/ogg"},  {".opus", "audio/ogg"},  {".flac", "audio/flac"},
                 {".wav", "audio/wav"}};
    if (s->type && *s->type)
        return s->type;
    size_t len = strcspn(s->address, "?#");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t n = strlen(types[i].ending);
        if (len > n && strncasecmp(s->address + len - n, types[i].ending, n) == 0)
            return types[i].type;
    }
    return "audio/mpeg";
}

// RFC 822, in English wherever it is made.
static void date(struct buf *out, int64_t t)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm d;
    when_local((struct when){.utc_offset = 0}, t, &d);
    buf_printf(out, "      <pubDate>%s, %02d %s %04d %02d:%02d:%02d +0000</pubDate>\n",
               days[d.tm_wday], d.tm_mday, months[d.tm_mon], d.tm_year + 1900, d.tm_hour, d.tm_min,
               d.tm_sec);
}

static void episode(const struct export_sound *s, size_t number, struct buf *out)
{
    buf_str(out, "    <item>\n");
    element(out, "title", s->title);
    if (s->page)
        element(out, "link", s->page);
    buf_str(out, "      <guid isPermaLink=\"false\">");
    buf_markup(out, s->address);
    buf_str(out, "</guid>\n");
    if (s->published > 0)
        date(out, s->published);
    buf_str(out, "      <enclosure url=\"");
    buf_markup(out, s->address);
    buf_printf(out, "\" length=\"%lld\" type=\"", s->size > 0 ? (long long)s->size : 0LL);
    buf_markup(out, type_of(s));
    buf_str(out, "\"/>\n");
    if (s->feed_title && *s->feed_title)
        element(out, "itunes:author", s->feed_title);
    if (s->seconds >= 1)
        buf_printf(out, "      <itunes:duration>%lld</itunes:duration>\n",
                   (long long)(s->seconds + 0.5));
    buf_printf(out, "      <itunes:episode>%zu</itunes:episode>\n    </item>\n", number);
}

void export_podcast(const struct export_sound *all, size_t n, const char *title, struct buf *out)
{
    buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<rss version=\"2.0\" "
                 "xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">\n"
                 "  <channel>\n");
    element(out, "title", title);
    element(out, "link", n && all[0].page ? all[0].page : n ? all[0].address : "http://localhost/");
    buf_str(out, "      <description>What waits to be heard, in its order.</description>\n"
                 "      <itunes:type>serial</itunes:type>\n"
                 "      <itunes:block>Yes</itunes:block>\n");
    for (size_t i = 0; i < n; i++)
        episode(&all[i], i + 1, out);
    buf_str(out, "  </channel>\n</rss>\n");
}
