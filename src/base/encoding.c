// Encodings: what the label says, whether that can be true, and what else it could be. Conversion
// is iconv's, guessing is uchardet's; own is only the knowledge of how labels lie.
#include "lectern/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <uchardet.h>

#include "lectern/utf8.h"

enum { LOOK_AT = 1 << 18 }; // bytes that are enough to guess from

bool encoding_is_utf8(const char *s, size_t len)
{
    const uint64_t highs = 0x8080808080808080;
    size_t i = 0;
    while (i < len) {
        uint64_t w[4];
        if (len - i >= sizeof w) {
            memcpy(w, s + i, sizeof w);
            if (!((w[0] | w[1] | w[2] | w[3]) & highs)) {
                i += sizeof w;
                continue;
            }
        }
        if ((unsigned char)s[i] < 0x80) {
            i++;
            continue;
        }
        uint32_t cp;
        size_t n = utf8_decode(s + i, len - i, &cp);
        if (n == 1)
            return false;
        i += n;
    }
    return true;
}

static bool has_high(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] >= 0x80)
            return true;
    return false;
}

// What labels mean in practice (WHATWG Encoding, "names and labels"), where iconv takes them more
// narrowly.
static void practical(char *name)
{
    static const struct {
        const char *label, *means;
    } table[] = {
        {"utf8", "utf-8"},
        {"iso-8859-1", "windows-1252"},
        {"iso8859-1", "windows-1252"},
        {"iso_8859-1", "windows-1252"},
        {"latin1", "windows-1252"},
        {"latin-1", "windows-1252"},
        {"us-ascii", "windows-1252"},
        {"ascii", "windows-1252"},
        {"cp1252", "windows-1252"},
        {"iso-8859-9", "windows-1254"},
        {"latin5", "windows-1254"},
        {"iso-8859-11", "windows-874"},
        {"tis-620", "windows-874"},
        {"gb2312", "gb18030"},
        {"gbk", "gb18030"},
        {"cp936", "gb18030"},
        {"hz-gb-2312", "hz"},
        {"shift-jis", "shift_jis"},
        {"sjis", "shift_jis"},
        {"x-sjis", "shift_jis"},
        {"windows-31j", "shift_jis"},
        {"cp932", "shift_jis"},
        {"ms932", "shift_jis"},
        {"uhc", "euc-kr"},
        {"cp949", "euc-kr"},
        {"ks_c_5601-1987", "euc-kr"},
        {"big5-hkscs", "big5"},
        {"cp950", "big5"},
        {"x-euc-jp", "euc-jp"},
        {"unicode", "utf-16"},
        {"ucs-2", "utf-16"},
        {"iso-10646-ucs-2", "utf-16"},
        {"x-mac-roman", "macintosh"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(name, table[i].label) == 0) {
            strcpy(name, table[i].means);
            return;
        }
}

// iconv's name for the wider set that is meant by a name.
static const char *for_iconv(const char *name)
{
    static const char *const table[][2] = {{"windows-874", "CP874"},
                                           {"shift_jis", "CP932"},
                                           {"euc-kr", "UHC"},
                                           {"big5", "BIG5-HKSCS"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(name, table[i][0]) == 0)
            return table[i][1];
    return name;
}

// A label out of s[0..len): letters, digits and a few marks, in lower case. False: none.
static bool label(const char *s, size_t len, char out[40])
{
    size_t n = 0;
    while (len && strchr(" \t\r\n\"'", *s))
        s++, len--;
    for (; n < len && n < 39; n++) {
        char c = (char)(s[n] >= 'A' && s[n] <= 'Z' ? s[n] | 32 : s[n]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-_.:+", c))))
            break;
        out[n] = c;
    }
    out[n] = '\0';
    practical(out);
    return n > 1;
}

static bool from_content_type(const char *type, char out[40])
{
    const char *at = type ? strcasestr(type, "charset") : NULL;
    if (!at)
        return false;
    at += 7;
    while (*at == ' ')
        at++;
    if (*at != '=')
        return false;
    return label(at + 1, strlen(at + 1), out);
}

static bool from_declaration(const char *s, size_t len, char out[40])
{
    if (len > 400)
        len = 400;
    const char *start = memmem(s, len, "<?xml", 5);
    if (!start)
        return false;
    size_t rest = len - (size_t)(start - s);
    const char *end = memmem(start, rest, "?>", 2);
    if (!end)
        return false;
    const char *at = memmem(start, (size_t)(end - start), "encoding", 8);
    if (!at)
        return false;
    at += 8;
    while (at < end && strchr(" \t\r\n", *at))
        at++;
    if (at >= end || *at != '=')
        return false;
    return label(at + 1, (size_t)(end - at - 1), out);
}

// Converts as much as makes sense; what does not is U+FFFD. Returns how many places did not, or
// SIZE_MAX: name unknown.
static size_t convert(const char *name, const char *s, size_t len, struct buf *out)
{
    iconv_t cd = iconv_open("UTF-8", for_iconv(name));
    if (cd == (iconv_t)-1)
        return SIZE_MAX;
    size_t bad = 0, wide = strncmp(name, "utf-16", 6) == 0   ? 2
                           : strncmp(name, "utf-32", 6) == 0 ? 4
                                                             : 1;
    char *in = (char *)(uintptr_t)s;
    size_t left = len;
    while (left) {
        buf_reserve(out, left + left / 2 + 64);
        char *to = out->data + out->len;
        size_t room = out->cap - out->len - 1, before = room;
        size_t r = iconv(cd, &in, &left, &to, &room);
        out->len += before - room;
        if (r != (size_t)-1)
            break;
        if (errno == E2BIG)
            continue;
        bad++;
        buf_str(out, "\xef\xbf\xbd");
        if (errno == EINVAL) // a character broke off at the end
            break;
        size_t skip = left < wide ? left : wide;
        in += skip;
        left -= skip;
        iconv(cd, NULL, NULL, NULL, NULL);
    }
    buf_add(out, "", 0);
    iconv_close(cd);
    return bad;
}

static void guess(const char *s, size_t len, char out[40])
{
    uchardet_t d = uchardet_new();
    const char *found = "";
    if (uchardet_handle_data(d, s, len > LOOK_AT ? LOOK_AT : len) == 0) {
        uchardet_data_end(d);
        found = uchardet_get_charset(d);
    }
    if (!label(found, strlen(found), out) || strncmp(out, "utf-", 4) == 0)
        strcpy(out, "windows-1252");
    uchardet_delete(d);
}

static bool starts(const char *s, size_t len, const char *what, size_t n)
{
    return len >= n && memcmp(s, what, n) == 0;
}

// UTF-16 and UTF-32 without a mark show themselves by the zeros of "<?" or "<r" or "{".
static const char *wide_by_look(const char *s, size_t len)
{
    if (len < 4)
        return NULL;
    if (!s[0] && !s[1] && !s[2] && s[3])
        return "utf-32be";
    if (s[0] && !s[1] && !s[2] && !s[3])
        return "utf-32le";
    if (!s[0] && s[1] && !s[2] && s[3])
        return "utf-16be";
    if (s[0] && !s[1] && s[2] && !s[3])
        return "utf-16le";
    return NULL;
}

static void converted(struct text_bytes *t, const char *s, size_t len, const char *name)
{
    snprintf(t->name, sizeof t->name, "%s", name);
    if (convert(name, s, len, &t->own) == SIZE_MAX) {
        buf_clear(&t->own);
        utf8_clean(&t->own, s, len, UTF8_TEXT);
    }
    t->s = buf_cstr(&t->own);
    t->len = t->own.len;
}

// The bytes are not what the label says.
static void look_closer(struct text_bytes *t, const char *s, size_t len, const char *said)
{
    char name[40];
    guess(s, len, name);
    converted(t, s, len, name);
    snprintf(t->warning, sizeof t->warning,
             "the bytes are not %s as the feed says or should: read as %s", said, t->name);
}

void encoding_read(struct text_bytes *t, const char *s, size_t len, const char *content_type)
{
    *t = (struct text_bytes){.s = s, .len = len, .name = "utf-8"};
    const char *wide;
    if (starts(s, len, "\xef\xbb\xbf", 3)) {
        t->s += 3;
        t->len -= 3;
        if (!encoding_is_utf8(t->s, t->len))
            look_closer(t, t->s, t->len, "UTF-8");
        return;
    }
    if (starts(s, len, "\xff\xfe\0\0", 4) || starts(s, len, "\0\0\xfe\xff", 4)) {
        converted(t, s + 4, len - 4, s[0] ? "utf-32le" : "utf-32be");
        return;
    }
    if (starts(s, len, "\xff\xfe", 2) || starts(s, len, "\xfe\xff", 2)) {
        converted(t, s + 2, len - 2, (unsigned char)s[0] == 0xff ? "utf-16le" : "utf-16be");
        return;
    }
    if ((wide = wide_by_look(s, len))) {
        converted(t, s, len, wide);
        return;
    }
    char http[40] = "", declared[40] = "";
    bool has_http = from_content_type(content_type, http),
         has_declared = from_declaration(s, len, declared);
    const char *said = has_http ? http : has_declared ? declared : "utf-8";
    // Text in single bytes cannot be in two; a label of UTF-16 on it is a program's habit.
    if (strncmp(said, "utf-16", 6) == 0 || strncmp(said, "utf-32", 6) == 0) {
        snprintf(t->warning, sizeof t->warning, "the feed says it is in %s, which it is not", said);
        said = has_http && has_declared && strncmp(declared, "utf-", 4) != 0 ? declared : "utf-8";
    }
    bool stateful =
        strncmp(said, "iso-2022", 8) == 0 || strcmp(said, "hz") == 0 || strcmp(said, "utf-7") == 0;
    if (!stateful && encoding_is_utf8(s, len)) { // no other encoding looks like UTF-8 by chance
        if (strcmp(said, "utf-8") != 0 && has_high(s, len))
            snprintf(t->warning, sizeof t->warning, "the feed says it is in %s, but it is in UTF-8",
                     said);
        return;
    }
    if (strcmp(said, "utf-8") == 0) {
        if (has_http && has_declared &&
            strcmp(declared, "utf-8") != 0) { // the server says one thing, the document another
            struct buf out = {0};
            if (convert(declared, s, len, &out) == 0) {
                buf_free(&t->own);
                t->own = out;
                t->s = out.data;
                t->len = out.len;
                snprintf(t->name, sizeof t->name, "%s", declared);
                snprintf(t->warning, sizeof t->warning,
                         "the server says UTF-8, the document %s: the document is right", declared);
                return;
            }
            buf_free(&out);
        }
        look_closer(t, s, len, "UTF-8");
        return;
    }
    for (int i = 0; i < 2; i++) { // what was said first, then second
        const char *name = i == 0 ? said : declared;
        if (i == 1 && (!has_http || !has_declared || strcmp(said, declared) == 0))
            break;
        struct buf out = {0};
        size_t bad = convert(name, s, len, &out);
        if (bad == 0 || (bad < len / 1000 + 1 && bad != SIZE_MAX)) {
            t->own = out;
            t->s = buf_cstr(&out);
            t->len = out.len;
            snprintf(t->name, sizeof t->name, "%s", name);
            if (bad)
                snprintf(t->warning, sizeof t->warning,
                         "%zu places are not %s: shown as \xef\xbf\xbd", bad, name);
            return;
        }
        buf_free(&out);
    }
    look_closer(t, s, len, said);
}
