// Bytes -> update: unpacks what was sent packed, finds the encoding and the format by looking
// (labels lie), and hands on to the XML or the JSON reader. What is no feed is named, so that a
// person knows what to do.
#include "lectern/feed.h"

#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "build.h"
#include "lectern/encoding.h"

const char *feed_format_name(enum feed_format f)
{
    switch (f) {
    case FEED_RSS09:
    case FEED_RSS1:
    case FEED_RSS2:
        return "RSS";
    case FEED_ATOM03:
    case FEED_ATOM1:
        return "Atom";
    case FEED_JSON:
        return "JSON Feed";
    case FEED_FOLDER:
        return "folder";
    default:
        return "unknown";
    }
}

bool feed_is_packed(const char *bytes, size_t len)
{
    return len > 2 && (unsigned char)bytes[0] == 0x1f && (unsigned char)bytes[1] == 0x8b;
}

bool feed_unpack(const char *bytes, size_t len, struct buf *out, bool *cut, struct err *e)
{
    z_stream z = {0};
    if (len > UINT32_MAX || inflateInit2(&z, 15 + 32) != Z_OK)
        return err_set(e, ERR_FORMAT, "this is no feed: it is packed in a way that cannot be read");
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (unsigned)len;
    int r = Z_OK;
    while (r == Z_OK && out->len <= FEED_MAX_BYTES) {
        buf_reserve(out, 65536);
        size_t room = out->cap - out->len - 1;
        room = room > UINT32_MAX / 2 ? UINT32_MAX / 2 : room;
        z.next_out = (unsigned char *)out->data + out->len;
        z.avail_out = (unsigned)room;
        r = inflate(&z, Z_NO_FLUSH);
        out->len += room - z.avail_out;
        out->data[out->len] = '\0';
        if (r == Z_BUF_ERROR)
            break;
    }
    inflateEnd(&z);
    if (out->len > FEED_MAX_BYTES)
        return err_set(e, ERR_FORMAT, "the feed unpacks to more than %u MB, the most that is read",
                       FEED_MAX_BYTES >> 20);
    *cut = r != Z_STREAM_END;
    if (!out->len)
        return err_set(e, ERR_FORMAT, "this is no feed: it looks packed, but cannot be unpacked");
    return true;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0' || c == '\f';
}

// Does the text begin, after blanks, comments and declarations, with a tag of this name?
static bool begins_with(const char *s, size_t len, const char *name)
{
    const char *end = s + len;
    for (int i = 0; i < 20; i++) {
        while (s < end && blank(*s))
            s++;
        if (end - s < 5 || s[0] != '<')
            return false;
        if (memcmp(s, "<!--", 4) == 0) {
            const char *stop = memmem(s, (size_t)(end - s), "-->", 3);
            s = stop ? stop + 3 : end;
        } else if (s[1] == '?') {
            const char *stop = memchr(s, '>', (size_t)(end - s));
            s = stop ? stop + 1 : end;
        } else {
            size_t n = strlen(name);
            return (size_t)(end - s) > n && strncasecmp(s + 1, name, n) == 0;
        }
    }
    return false;
}

static bool no_markup(const char *s, size_t len, struct err *e)
{
    static const struct {
        const char *magic, *what;
    } known[] = {{"%PDF", "a PDF document"},    {"\x89PNG", "a picture"},     {"GIF8", "a picture"},
                 {"\xff\xd8\xff", "a picture"}, {"PK\x03\x04", "a ZIP file"}, {"ID3", "audio"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len >= strlen(known[i].magic) && memcmp(s, known[i].magic, strlen(known[i].magic)) == 0)
            return err_set(e, ERR_FORMAT, "this is no feed, it looks like %s", known[i].what);
    return err_set(e, ERR_FORMAT,
                   "this is no feed, it looks like plain text or another kind of file");
}

static bool parse(struct build *b, const char *s, size_t len, struct err *e)
{
    size_t i = 0;
    while (i < len && blank(s[i]))
        i++;
    if (i == len)
        return err_set(e, ERR_FORMAT, "this is no feed, it is empty");
    if (s[i] == '{' || s[i] == '[')
        return json_parse(b, s + i, len - i, e);
    if (begins_with(s + i, len - i, "!doctype html") || begins_with(s + i, len - i, "html"))
        return err_set(e, ERR_FORMAT, "this is no feed, it looks like a web page");
    if (!memchr(s, '<', len))
        return no_markup(s, len, e);
    return xml_parse(b, s, len, e);
}

bool feed_parse(const char *bytes, size_t len, const struct feed_source *src,
                struct feed_update **out, struct err *e)
{
    struct buf unpacked = {0};
    bool packed = feed_is_packed(bytes, len), cut = false;
    if (packed) {
        if (!feed_unpack(bytes, len, &unpacked, &cut, e)) {
            buf_free(&unpacked);
            return false;
        }
        bytes = unpacked.data;
        len = unpacked.len;
    }
    struct text_bytes t;
    encoding_read(&t, bytes, len, src ? src->content_type : NULL);
    struct build *b = build_new(src);
    b->u->encoding = arena_strdup(b->a, t.name);
    if (packed)
        build_warn(b, "the document was packed with gzip without saying so");
    if (t.warning[0])
        build_warn(b, "%s", t.warning);
    bool ok = parse(b, t.s, t.len, e);
    if (ok && src && src->content_type && strncasecmp(src->content_type, "text/html", 9) == 0)
        build_warn(b, "the server calls the feed a web page (text/html)");
    if (ok && cut)
        b->u->cut_short = true;
    buf_free(&t.own);
    buf_free(&unpacked);
    if (!ok) {
        build_drop(b);
        return false;
    }
    *out = built_finish(b);
    return true;
}
