// The walk over the bytes. Every text that is long, or has a reference in it, is lifted; so is all
// CDATA. The strict walk copies tags as they are and leaves judging them to libxml2; the mending
// walk is in mend.c.
#include "lift.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lift_steps.h"

enum { SHORT_TEXT = 48, MOST_VALUES = 200 };

static void put_mark(struct lift *l, size_t number)
{
    char mark[32] = "<?" LIFT_TARGET " ", digits[20];
    size_t n = sizeof "<?" LIFT_TARGET " " - 1, k = 0;
    do
        digits[k++] = (char)('0' + number % 10);
    while (number /= 10);
    while (k)
        mark[n++] = digits[--k];
    mark[n++] = '?';
    mark[n++] = '>';
    buf_add(&l->skeleton, mark, n);
}

void lift_text(struct lift *l, const char *s, size_t len, bool verbatim)
{
    if (!len)
        return;
    bool simple = !verbatim && len <= SHORT_TEXT;
    for (size_t i = 0; simple && i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        simple = (c >= 0x20 && c < 0x7F && c != '&' && c != '>') || c == '\n' || c == '\t';
    }
    if (simple) {
        buf_add(&l->skeleton, s, len);
        return;
    }
    l->texts = mem_grow(l->texts, &l->cap, l->ntexts + 1, sizeof *l->texts);
    l->texts[l->ntexts] = (struct lifted){s, len, verbatim};
    put_mark(l, l->ntexts++);
}

const char *lift_past_doctype(const char *p, const char *end)
{
    int depth = 0;
    char quote = 0;
    for (; p < end; p++) {
        if (quote) {
            if (*p == quote)
                quote = 0;
        } else if (depth && (*p == '"' || *p == '\'')) {
            quote = *p;
        } else if (*p == '[') {
            depth++;
        } else if (*p == ']') {
            depth--;
        } else if (*p == '>' && depth <= 0) {
            return p + 1;
        }
    }
    return NULL;
}

const char *lift_find(const char *p, const char *end, const char *what)
{
    return p < end ? memmem(p, (size_t)(end - p), what, strlen(what)) : NULL;
}

bool lift_starts(const char *p, const char *end, const char *what)
{
    size_t n = strlen(what);
    return (size_t)(end - p) >= n && memcmp(p, what, n) == 0;
}

// The '>' of a tag, quoted values heeded. NULL also for a tag of more values than any feed has:
// libxml2 would compare each with each; the mending walk takes the first few.
static const char *tag_end(const char *p, const char *end)
{
    int values = 0;
    while (p < end) {
        if (*p == '>')
            return p;
        if (*p == '"' || *p == '\'') {
            p = memchr(p + 1, *p, (size_t)(end - p - 1));
            if (!p || ++values > MOST_VALUES)
                return NULL;
        }
        p++;
    }
    return NULL;
}

// "]]>": brackets are rare in text, so looking for one is quicker than looking for three
// characters.
static const char *cdata_end(const char *p, const char *end)
{
    while (p < end && (p = memchr(p, ']', (size_t)(end - p)))) {
        if (end - p >= 3 && p[1] == ']' && p[2] == '>')
            return p;
        p++;
    }
    return NULL;
}

bool lift_strict(struct lift *l, const char *s, size_t len)
{
    const char *p = s, *end = s + len;
    const char *first = memchr(s, '<', len);
    if (!first)
        return false;
    for (const char *q = s; q < first && !l->junk_before; q++)
        l->junk_before = *q != ' ' && *q != '\n' && *q != '\r' && *q != '\t';
    l->blank_before = first > s && !l->junk_before && lift_starts(first, end, "<?xml");
    p = first;
    while (p < end) {
        const char *lt = memchr(p, '<', (size_t)(end - p));
        if (!lt) {
            lift_text(l, p, (size_t)(end - p), false);
            return true;
        }
        lift_text(l, p, (size_t)(lt - p), false);
        if (end - lt < 2)
            return false;
        const char *stop;
        if (lt[1] == '!') {
            if (lift_starts(lt, end, "<![CDATA[")) {
                stop = cdata_end(lt + 9, end);
                if (!stop)
                    return false;
                lift_text(l, lt + 9, (size_t)(stop - lt) - 9, true);
                p = stop + 3;
            } else if (lift_starts(lt, end, "<!--")) {
                stop = lift_find(lt + 4, end, "-->");
                if (!stop)
                    return false;
                p = stop + 3;
            } else if (lift_starts(lt, end, "<!DOCTYPE")) {
                p = lift_past_doctype(lt + 9, end);
                if (!p)
                    return false;
            } else {
                return false;
            }
        } else if (lt[1] == '?') {
            stop = lift_find(lt + 2, end, "?>");
            if (!stop)
                return false;
            p = stop + 2;
        } else {
            stop = tag_end(lt + 1, end);
            if (!stop)
                return false;
            buf_add(&l->skeleton, lt, (size_t)(stop - lt) + 1);
            p = stop + 1;
        }
    }
    return true;
}

void lift_free(struct lift *l)
{
    buf_free(&l->skeleton);
    free(l->texts);
    *l = (struct lift){0};
}
