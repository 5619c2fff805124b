// sfeed's files. sfeed(5): a line an item, nine fields parted by tabs, the content escaped.
// sfeedrc(5) is a shell script, and is read as one only so far as people write it: `feed "name"
// "address"` lines. Nothing of it is run, and a word that only a shell could tell is told as such.
#include <stdlib.h>
#include <string.h>

#include "lectern/foreign.h"
#include "lectern/utf8.h"
#include "subs.h"

enum { ITEM_FIELDS = 9 };

// ---- sfeed(5) ----

static const char *unescaped(struct arena *a, const char *s, size_t len, size_t *out_len)
{
    char *copy = arena_alloc(a, len + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = s[i];
        if (c == '\\' && i + 1 < len) {
            c = s[++i];
            c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c);
        }
        copy[n++] = c;
    }
    *out_len = n;
    return copy;
}

static int64_t number(const char *s, size_t len)
{
    char digits[24] = "";
    if (!len || len >= sizeof digits)
        return 0;
    memcpy(digits, s, len);
    return strtoll(digits, NULL, 10);
}

static bool read_line(const char *s, size_t len, struct arena *a, struct foreign_item *out)
{
    const char *field[ITEM_FIELDS];
    size_t size[ITEM_FIELDS], n = 0;
    for (const char *p = s, *end = s + len; n < ITEM_FIELDS;) {
        const char *tab = memchr(p, '\t', (size_t)(end - p));
        field[n] = p;
        size[n++] = (size_t)((tab ? tab : end) - p);
        if (!tab)
            break;
        p = tab + 1;
    }
    if (n < 3 || (!size[1] && !size[2] && (n < 6 || !size[5])))
        return false;
    for (; n < ITEM_FIELDS; n++) { // older versions have fewer
        field[n] = "";
        size[n] = 0;
    }
    *out = (struct foreign_item){.published = number(field[0], size[0])};
    out->title = arena_strndup(a, field[1], size[1]);
    out->url = arena_strndup(a, field[2], size[2]);
    out->content = unescaped(a, field[3], size[3], &out->content_len);
    out->plain = size[4] == 5 && memcmp(field[4], "plain", 5) == 0;
    out->guid = arena_strndup(a, field[5], size[5]);
    out->author = arena_strndup(a, field[6], size[6]);
    out->categories = arena_strndup(a, field[8], size[8]);
    if (size[7]) {
        struct foreign_enclosure *en = arena_alloc(a, sizeof *en);
        en->url = arena_strndup(a, field[7], size[7]);
        out->enclosures = en;
        out->nenclosures = 1;
    }
    return true;
}

struct foreign_item *sfeed_items(const char *tsv, size_t len, struct arena *a, size_t *n,
                                 size_t *bad)
{
    size_t lines = 1;
    for (const char *p = tsv, *end = tsv + len; p && (p = memchr(p, '\n', (size_t)(end - p))); p++)
        lines++;
    struct foreign_item *items = arena_alloc(a, lines * sizeof *items);
    *n = *bad = 0;
    for (const char *p = tsv, *end = tsv + len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        size_t k = nl ? (size_t)(nl - p) : (size_t)(end - p);
        if (k && read_line(p, k, a, &items[*n]))
            ++*n;
        else
            *bad += k > 0;
        p += k + 1;
    }
    return items;
}

// ---- sfeedrc(5) ----

// The next word of a shell's line, quotation marks and backslashes taken off. 1: a word; 0: the
// command ends; -1: it cannot be told without a shell.
static int next_word(const char **p, const char *end, struct buf *word)
{
    const char *s = *p;
    buf_clear(word);
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    if (s == end || strchr("\n;#&|)}", *s)) {
        *p = s;
        return 0;
    }
    char quote = '\0';
    buf_reserve(word, 0);
    for (; s < end && (quote || !strchr(" \t\n;&|)", *s)); s++) {
        char c = *s;
        if (c == '\0')
            return -1;
        if (quote != '\'' && (c == '$' || c == '`'))
            return -1;
        if (c == quote) {
            quote = '\0';
        } else if (!quote && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == '\\' && quote != '\'' && s + 1 < end) {
            c = *++s;
            if (quote && !strchr("\"\\$`\n", c))
                buf_char(word, '\\');
            if (c != '\n')
                buf_char(word, c);
        } else {
            buf_char(word, c);
        }
    }
    *p = s;
    return quote ? -1 : 1;
}

// At the word `feed` where a command may begin: then what stands behind it; else NULL.
static const char *feed_command(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return end - p > 5 && memcmp(p, "feed", 4) == 0 && (p[4] == ' ' || p[4] == '\t') ? p + 5 : NULL;
}

bool sfeedrc_looks(const char *bytes, size_t len)
{
    bool function = false, feed = false;
    for (const char *p = bytes, *end = bytes + len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
        function |= stop - p >= 7 && memcmp(p, "feeds()", 7) == 0;
        function |= stop - p >= 10 && memcmp(p, "sfeedpath=", 10) == 0;
        feed |= feed_command(p, stop) != NULL;
        p = nl ? nl + 1 : end;
    }
    return function || feed;
}

void sfeedrc_read(struct subs_builder *b, const char *bytes, size_t len)
{
    struct buf clean = {0}, name = {0}, url = {0};
    utf8_clean(&clean, bytes, len, UTF8_TEXT);
    int line = 0;
    for (const char *p = buf_cstr(&clean), *end = p + clean.len; p < end;) {
        const char *at = feed_command(p, end), *from = p;
        line++;
        if (at) {
            int got = next_word(&at, end, &name);
            int more = got > 0 ? next_word(&at, end, &url) : got;
            if (more > 0)
                subs_add(b, url.data, name.data, NULL, 0);
            else
                subs_skip(b, line, got > 0 ? name.data : "feed",
                          more < 0 ? "only a shell can tell what its words are"
                                   : "it has no address");
            p = at; // quoted words may have gone on over the line's end
        }
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        for (; from < p; from++)
            line += *from == '\n';
        p = nl ? nl + 1 : end;
    }
    b->s->format = "sfeedrc";
    buf_free(&clean);
    buf_free(&name);
    buf_free(&url);
}
