// discount knows one reference to each footnote and leaves the others as typed: "[^1]". They are
// made references here, in the HTML that it wrote. It numbers notes in the order of their first
// references and forgets their labels; the order is found again in the source, and where the count
// is not the same everything stays as it is.
#include "markdown.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

enum { MAX_LABEL = 80 };

struct label {
    const char *s;
    size_t len;
    bool defined;
    size_t number; // 0: not referred to yet
};

struct labels {
    struct label *all;
    size_t n, cap;
};

// Length of the label in "[^label]" at s, 0 if it is none.
static size_t label_at(const char *s, const char *end)
{
    if (end - s < 4 || s[0] != '[' || s[1] != '^')
        return 0;
    size_t n = 0, most = (size_t)(end - s) - 2;
    while (n < most && n < MAX_LABEL && !strchr("[]^ \t\n", s[2 + n]))
        n++;
    return n && n < most && s[2 + n] == ']' ? n : 0;
}

static struct label *find(struct labels *l, const char *s, size_t len)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->all[i].len == len && memcmp(l->all[i].s, s, len) == 0)
            return &l->all[i];
    return NULL;
}

// Every mention of a label in the source: definitions when `define`, references otherwise.
static void collect(struct labels *l, const char *md, size_t len, bool define, size_t *number)
{
    const char *end = md + len;
    for (const char *s = md; (s = memmem(s, (size_t)(end - s), "[^", 2)); s += 2) {
        size_t n = label_at(s, end);
        const char *line = s;
        while (line > md && line[-1] == ' ')
            line--;
        bool start = s - line < 4 && (line == md || line[-1] == '\n');
        bool definition = n && start && end - s > (ptrdiff_t)n + 3 && s[n + 3] == ':';
        if (!n || definition != define || (s > md && s[-1] == '\\'))
            continue;
        struct label *k = find(l, s + 2, n);
        if (define && !k && l->n < 2000) {
            l->all = mem_grow(l->all, &l->cap, l->n + 1, sizeof *l->all);
            l->all[l->n++] = (struct label){s + 2, n, true, 0};
        } else if (!define && k && !k->number) {
            k->number = ++*number;
        }
    }
}

static size_t count(const char *s, size_t len, const char *what)
{
    size_t n = 0;
    for (const char *end = s + len; (s = memmem(s, (size_t)(end - s), what, strlen(what))); s++)
        n++;
    return n;
}

static bool tag_is(const char *s, const char *end, const char *name)
{
    size_t n = strlen(name);
    return (size_t)(end - s) > n && memcmp(s, name, n) == 0 && strchr(" >\n", s[n]);
}

bool markdown_notes(struct buf *out, const char *html, size_t len, const char *md, size_t md_len)
{
    struct labels l = {0};
    size_t number = 0;
    if (memmem(html, len, "[^", 2)) {
        collect(&l, md, md_len, true, NULL);
        if (l.n)
            collect(&l, md, md_len, false, &number);
    }
    if (!number || count(html, len, "<li id=\"fn:") != number) {
        free(l.all);
        return false;
    }
    int code = 0;
    const char *s = html, *end = html + len;
    while (s < end) {
        size_t n = strcspn(s, "<["); // the HTML is a C string as well
        buf_add(out, s, n);
        s += n;
        if (s >= end)
            break;
        if (*s == '<') {
            const char *gt = memchr(s, '>', (size_t)(end - s));
            gt = gt ? gt : end - 1;
            code += tag_is(s + 1, end, "code") || tag_is(s + 1, end, "pre");
            code -= tag_is(s + 1, end, "/code") || tag_is(s + 1, end, "/pre");
            buf_add(out, s, (size_t)(gt + 1 - s));
            s = gt + 1;
            continue;
        }
        size_t label = code > 0 ? 0 : label_at(s, end);
        const struct label *k = label ? find(&l, s + 2, label) : NULL;
        if (k && k->number) {
            buf_printf(out, "<sup><a href=\"#fn:%zu\" rel=\"footnote\">%zu</a></sup>", k->number,
                       k->number);
            s += label + 3;
        } else {
            buf_char(out, *s++);
        }
    }
    free(l.all);
    return true;
}
