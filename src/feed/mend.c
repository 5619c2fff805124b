// The mending walk: tags are read as loosely as a person would read them and written anew, so that
// libxml2 sees a well-formed document whatever came in. End tags close what they name; what was
// left open in between is closed first; an <item> inside an <item> ends the one before. Where the
// bytes end too early a mark says so.
#include "lift.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/feed.h"
#include "lectern/mem.h"
#include "lift_steps.h"
#include "markup.h"

enum { DEEPEST = FEED_MAX_DEPTH - 16, LONGEST_NAME = 100, MOST_ATTRIBUTES = 64 };

struct open {
    size_t at, len; // the name, in names
};
struct mender {
    struct lift *l;
    const char *p, *end;
    struct buf names;
    struct open stack[DEEPEST];
    size_t depth, lost; // lost: elements below the deepest that is kept, their tags left out
    bool rooted;        // the root was opened
    const char
        *missing[4]; // what a search to the end did not find once, it need not look for again
    size_t nmissing;
};

static bool blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool name_start(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool name_char(char c)
{
    return name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == ':';
}

// A name at p, at most one colon in it and not at its end; 0 if there is none.
static size_t name_at(const char *p, const char *end)
{
    if (p >= end || (!name_start(*p) && *p != '_'))
        return 0;
    size_t n = 1;
    bool colon = false;
    while (p + n < end && n < LONGEST_NAME && name_char(p[n])) {
        if (p[n] == ':') {
            if (colon || p + n + 1 >= end || (!name_start(p[n + 1]) && p[n + 1] != '_'))
                break;
            colon = true;
        }
        n++;
    }
    return n;
}

// Searches to the end that fail are made once: a document of a million openings must not cost a
// million walks.
static const char *find(struct mender *m, const char *p, const char *what)
{
    for (size_t i = 0; i < m->nmissing; i++)
        if (strcmp(m->missing[i], what) == 0)
            return NULL;
    const char *at = lift_find(p, m->end, what);
    if (!at && m->nmissing < sizeof m->missing / sizeof *m->missing)
        m->missing[m->nmissing++] = what;
    return at;
}

static const char *top(const struct mender *m, size_t back)
{
    return m->names.data + m->stack[m->depth - 1 - back].at;
}

static void close_top(struct mender *m)
{
    struct open *o = &m->stack[--m->depth];
    buf_str(&m->l->skeleton, "</");
    buf_add(&m->l->skeleton, m->names.data + o->at, o->len);
    buf_char(&m->l->skeleton, '>');
    m->names.len = o->at;
}

static bool open_is(const struct mender *m, size_t i, const char *name, size_t len)
{
    return m->stack[i].len == len && strncasecmp(m->names.data + m->stack[i].at, name, len) == 0;
}

static bool is_entry(const char *name, size_t len)
{
    return (len == 4 && strncasecmp(name, "item", 4) == 0) ||
           (len == 5 && strncasecmp(name, "entry", 5) == 0);
}

static void close_named(struct mender *m, const char *name, size_t len)
{
    for (size_t i = m->depth; i-- > 0;) {
        if (!open_is(m, i, name, len))
            continue;
        if (i + 1 != m->depth)
            m->l->unclosed = true;
        while (m->depth > i)
            close_top(m);
        return;
    }
    m->l->bad_tags = true; // closes nothing
}

// HTML elements that have no end tag; in a feed's own vocabulary none has such a name.
static bool is_void(const char *name, size_t len)
{
    return (len == 2 && (strncasecmp(name, "br", 2) == 0 || strncasecmp(name, "hr", 2) == 0)) ||
           (len == 3 && (strncasecmp(name, "img", 3) == 0 || strncasecmp(name, "wbr", 3) == 0)) ||
           (len == 5 && (strncasecmp(name, "input", 5) == 0 || strncasecmp(name, "embed", 5) == 0));
}

static void put_value(struct mender *m, const char *s, size_t len)
{
    struct buf plain = {0};
    entity_decode(&plain, s, len);
    struct buf *out = &m->l->skeleton;
    for (size_t i = 0; i < plain.len; i++) {
        unsigned char c = (unsigned char)plain.data[i];
        if (c == '&' || c == '<' || c == '"')
            buf_printf(out, "&#%d;", c);
        else
            buf_char(out, c < 0x20 ? ' ' : (char)c);
    }
    if (memchr(s, '&', len)) {
        m->l->html_entities = m->l->html_entities || plain.len < len;
        m->l->bare_ampersand = m->l->bare_ampersand || memchr(buf_cstr(&plain), '&', plain.len);
    }
    buf_free(&plain);
}

// The attributes of a start tag, written anew. p stands after the name; returns where the tag ends.
// *empty: "/>".
static const char *attributes(struct mender *m, const char *p, bool *empty)
{
    const char *seen[MOST_ATTRIBUTES];
    size_t lengths[MOST_ATTRIBUTES], n = 0;
    *empty = false;
    for (;;) {
        while (p < m->end && blank(*p))
            p++;
        if (p >= m->end)
            return NULL;
        if (*p == '>')
            return p + 1;
        if (*p == '<') { // the tag never ended
            m->l->bad_tags = true;
            return p;
        }
        if (*p == '/') {
            *empty = p + 1 < m->end && p[1] == '>';
            p++;
            continue;
        }
        size_t len = name_at(p, m->end);
        const char *name = p;
        if (!len) {
            m->l->bad_attributes = true;
            while (p < m->end && !blank(*p) && *p != '>' && *p != '<' && *p != '/')
                p++;
            continue;
        }
        p += len;
        const char *after = p;
        while (p < m->end && blank(*p))
            p++;
        const char *value = "";
        size_t value_len = 0;
        if (p < m->end && *p == '=') {
            p++;
            while (p < m->end && blank(*p))
                p++;
            const char *close = NULL;
            if (p < m->end && (*p == '"' || *p == '\''))
                close = memchr(p + 1, *p, (size_t)(m->end - p - 1));
            if (close) {
                value = p + 1;
                value_len = (size_t)(close - value);
                p = close + 1;
            } else {
                m->l->bad_attributes = true;
                if (p < m->end && (*p == '"' || *p == '\''))
                    p++;
                value = p;
                while (p < m->end && !blank(*p) && *p != '>' && *p != '<')
                    p++;
                value_len = (size_t)(p - value);
            }
        } else {
            p = after;
            m->l->bad_attributes = true;
        }
        bool twice = n >= MOST_ATTRIBUTES;
        for (size_t i = 0; i < n && !twice; i++)
            twice = lengths[i] == len && memcmp(seen[i], name, len) == 0;
        if (twice) {
            m->l->bad_attributes = true;
            continue;
        }
        seen[n] = name;
        lengths[n++] = len;
        buf_char(&m->l->skeleton, ' ');
        buf_add(&m->l->skeleton, name, len);
        buf_str(&m->l->skeleton, "=\"");
        put_value(m, value, value_len);
        buf_char(&m->l->skeleton, '"');
    }
}

static void start_tag(struct mender *m)
{
    const char *name = m->p + 1;
    size_t len = name_at(name, m->end);
    size_t before = m->l->skeleton.len;
    if (is_entry(name, len)) // the one before was not ended
        for (size_t i = m->depth; i-- > 0;)
            if (open_is(m, i, name, len)) {
                m->l->unclosed = true;
                while (m->depth > i)
                    close_top(m);
                break;
            }
    buf_char(&m->l->skeleton, '<');
    buf_add(&m->l->skeleton, name, len);
    bool empty;
    const char *after = attributes(m, name + len, &empty);
    if (!after) { // broke off inside a tag
        m->l->skeleton.len = before;
        m->p = m->end;
        return;
    }
    m->p = after;
    if (!empty && m->rooted && is_void(name, len))
        empty = true;
    bool deep = m->depth == DEEPEST || m->lost;
    if (deep || (m->rooted && m->depth == 0)) { // below the deepest level, or a second root
        m->l->skeleton.len = before;
        m->l->too_deep = m->l->too_deep || deep;
        m->l->junk_after = m->l->junk_after || !deep;
        if (deep && !empty)
            m->lost++;
        return;
    }
    m->rooted = true;
    buf_str(&m->l->skeleton, empty ? "/>" : ">");
    if (empty)
        return;
    m->stack[m->depth++] = (struct open){m->names.len, len};
    buf_add(&m->names, name, len);
}

static void end_tag(struct mender *m)
{
    const char *name = m->p + 2;
    size_t len = name_at(name, m->end);
    const char *p = name + len;
    while (p < m->end && *p != '>' && *p != '<')
        p++;
    m->p = p < m->end && *p == '>' ? p + 1 : p;
    if (p == m->end) // broke off inside the tag
        return;
    if (m->lost)
        m->lost--;
    else if (len)
        close_named(m, name, len);
    else
        m->l->bad_tags = true;
}

// Where "</name" of the innermost open element is, before end.
static const char *own_end(const struct mender *m, const char *p, const char *end)
{
    if (!m->depth)
        return NULL;
    size_t len = m->stack[m->depth - 1].len;
    while ((p = lift_find(p, end, "</"))) {
        if ((size_t)(end - p) > len + 2 && strncasecmp(p + 2, top(m, 0), len) == 0)
            return p;
        p += 2;
    }
    return NULL;
}

static void text(struct mender *m, const char *s, size_t len, bool verbatim)
{
    if (m->depth == 0) { // only tags may stand outside the root
        for (size_t i = 0; i < len && !m->l->junk_after; i++)
            m->l->junk_after = m->rooted && !blank(s[i]);
        return;
    }
    lift_text(m->l, s, len, verbatim);
}

static void cdata(struct mender *m)
{
    const char *s = m->p + 9, *stop = find(m, s, "]]>"), *again, *close;
    if (stop && (again = lift_find(s, stop, "<![CDATA[")) && (close = own_end(m, s, again))) {
        // A section begins inside this one, after its element's end tag: this one was not ended.
        m->l->bad_cdata = true;
        text(m, s, (size_t)(close - s), true);
        m->p = close;
    } else if (stop) {
        text(m, s, (size_t)(stop - s), true);
        m->p = stop + 3;
    } else if ((close = own_end(m, s, m->end))) {
        m->l->bad_cdata = true;
        text(m, s, (size_t)(close - s), true);
        m->p = close;
    } else {
        m->l->bad_cdata = true;
        text(m, s, (size_t)(m->end - s), true);
        m->p = m->end;
    }
}

static void step(struct mender *m)
{
    const char *p = m->p, *end = m->end, *stop;
    if (end - p >= 2 && name_start(p[1])) {
        start_tag(m);
    } else if (end - p >= 3 && p[1] == '/' && (name_start(p[2]) || p[2] == '>')) {
        end_tag(m);
    } else if (lift_starts(p, end, "<![CDATA[")) {
        cdata(m);
    } else if (lift_starts(p, end, "<!--")) {
        stop = find(m, p + 4, "-->");
        if (!stop)
            stop = find(m, p + 4, ">"); // never ended: then it was one line
        m->p = stop ? stop + (*stop == '>' ? 1 : 3) : end;
    } else if (end - p > 9 && strncasecmp(p, "<!DOCTYPE", 9) == 0) {
        stop = lift_past_doctype(p + 9, end - p > 65536 ? p + 65536 : end);
        if (!stop)
            stop = find(m, p, ">");
        m->p = stop ? stop : end;
        if (stop && *stop == '>' && stop[-1] != '>')
            m->p++;
    } else if (lift_starts(p, end, "<?")) {
        stop = find(m, p + 2, "?>");
        const char *gt = find(m, p + 2, ">");
        m->p = stop && gt && gt + 200 > stop ? stop + 2 : gt ? gt + 1 : end;
    } else { // "a < b"
        const char *q = p + 1;
        while (q < end && *q != '&' &&
               (*q != '<' || end - q < 2 || (!name_start(q[1]) && !strchr("/!?", q[1]))))
            q++;
        m->l->bad_tags = true;
        text(m, p, (size_t)(q - p), true);
        m->p = q;
    }
}

void lift_mend(struct lift *l, const char *s, size_t len)
{
    struct mender *m = mem_alloc(sizeof *m);
    *m = (struct mender){.l = l, .p = s, .end = s + len};
    l->blank_before = len && blank(s[0]);
    while (m->p < m->end) {
        const char *lt = memchr(m->p, '<', (size_t)(m->end - m->p));
        size_t n = (size_t)((lt ? lt : m->end) - m->p);
        for (size_t i = 0; i < n && !m->rooted && !l->junk_before; i++)
            l->junk_before = !blank(m->p[i]);
        text(m, m->p, n, false);
        m->p += n;
        if (lt)
            step(m);
    }
    if (m->depth) {
        l->cut_short = true;
        buf_str(&l->skeleton, "<?" LIFT_CUT "?>");
        while (m->depth)
            close_top(m);
    }
    buf_free(&m->names);
    free(m);
}
