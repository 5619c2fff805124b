// Tables of bookmarks (RFC 4180) whose first row names the columns: the exports of Pocket,
// Instapaper and others like them. libcsv reads the rows; without it this part is left out.
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#ifdef HAVE_CSV
#include <csv.h>
#endif

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "trade/kept.h"

// X(id, names of the column)
#define COLUMNS(X)                                     \
    X(URL, "url")                                      \
    X(TITLE, "title")                                  \
    X(DATE, "time_added timestamp created created_at") \
    X(TAGS, "tags")                                    \
    X(STATUS, "status")                                \
    X(FOLDER, "folder")                                \
    X(NOTE, "selection note description")
enum column {
#define X(id, names) COLUMN_##id,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
};

static bool named(const char *names, const char *name, size_t len)
{
    for (const char *p = names; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        if (n == len && strncasecmp(p, name, len) == 0)
            return true;
        p += n;
    }
    return false;
}

static enum column column(const char *name, size_t len)
{
    static const char *const names[] = {
#define X(id, n) n,
        COLUMNS(X)
#undef X
    };
    size_t i = 0;
    while (len && (strchr("\" \r\n", name[len - 1]) || !name[len - 1]))
        len--;
    while (len && strchr("\" ", *name) && *name) {
        name++;
        len--;
    }
    while (i < COLUMN_COUNT && !named(names[i], name, len))
        i++;
    return (enum column)i;
}

bool csv_looks(const char *bytes, size_t len)
{
    unsigned seen = 0;
    size_t at = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, columns = 0;
    const char *nl = memchr(bytes + at, '\n', len - at > 1000 ? 1000 : len - at);
    size_t end = nl ? (size_t)(nl - bytes) : len - at > 1000 ? 0 : len;
    for (; at < end; columns++) {
        const char *comma = memchr(bytes + at, ',', end - at);
        size_t n = comma ? (size_t)(comma - bytes) - at : end - at;
        seen |= 1u << column(bytes + at, n);
        at += n + 1;
    }
    return columns >= 3 && (seen & 1u << COLUMN_URL) && (seen & 1u << COLUMN_TITLE);
}

#ifdef HAVE_CSV

enum { MOST_COLUMNS = 64 };
struct table {
    struct brought *b;
    enum column columns[MOST_COLUMNS];
    size_t ncolumns, field;
    bool head;
    struct buf fields[COLUMN_COUNT];
    int line, row; // where the reader is, and where this row began
};

static void on_field(void *bytes, size_t len, void *ctx)
{
    struct table *t = ctx;
    size_t i = t->field++;
    if (i >= MOST_COLUMNS)
        return;
    if (t->head) {
        t->columns[i] = column(bytes ? bytes : "", len);
        t->ncolumns = i + 1;
    } else if (i < t->ncolumns && t->columns[i] < COLUMN_COUNT && len) {
        buf_clear(&t->fields[t->columns[i]]);
        buf_add(&t->fields[t->columns[i]], bytes, len);
    }
}

static const char *field(struct table *t, enum column c)
{
    return buf_cstr(&t->fields[c]);
}

// "a|b" (Pocket), "a, b", "[\"a\",\"b\"]" (Instapaper)
static void tags(struct brought *b, const char *list)
{
    bool bars = strchr(list, '|');
    while (*list) {
        size_t n = strcspn(list, bars ? "|" : ",");
        const char *from = list;
        size_t len = n;
        while (len && strchr(" [\"", *from)) {
            from++;
            len--;
        }
        while (len && strchr(" ]\"", from[len - 1]))
            len--;
        brought_tag(b, from, len);
        list += n + (list[n] != '\0');
    }
}

static void take(struct table *t)
{
    struct brought *b = t->b;
    struct kept *k = brought_add(b, t->row);
    if (!*field(t, COLUMN_URL)) {
        const char *title = field(t, COLUMN_TITLE);
        brought_drop(b, t->row, *title ? title : "a row", "it has no address");
        return;
    }
    if (!brought_url(b, field(t, COLUMN_URL)))
        return;
    const char *title = brought_line(b, field(t, COLUMN_TITLE), t->fields[COLUMN_TITLE].len),
               *folder = field(t, COLUMN_FOLDER), *status = field(t, COLUMN_STATUS);
    k->body.row.title = title ? title : "";
    k->body.row.kept = brought_date(field(t, COLUMN_DATE));
    k->note = brought_note(b, field(t, COLUMN_NOTE), t->fields[COLUMN_NOTE].len);
    tags(b, field(t, COLUMN_TAGS));
    if (strcasecmp(status, "archive") == 0 || strcasecmp(folder, "Archive") == 0) {
        k->body.row.flags |= ITEM_FINISHED;
        k->body.row.progress = 1;
    } else if (*folder && strcasecmp(folder, "Unread") != 0 &&
               strcasecmp(folder, "Unsorted") != 0) {
        brought_tag(b, folder, strlen(folder));
    }
    brought_end(b);
}

static void on_row(int end, void *ctx)
{
    struct table *t = ctx;
    (void)end;
    if (!t->head)
        take(t);
    t->head = false;
    t->field = 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        buf_clear(&t->fields[i]);
    t->row = t->line + 1;
}

// Line by line, so that a row knows where it stands.
static bool rows(struct table *t, struct csv_parser *p, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        const char *nl = memchr(bytes + at, '\n', len - at);
        size_t n = nl ? (size_t)(nl - bytes) - at + 1 : len - at;
        if (csv_parse(p, bytes + at, n, on_field, on_row, t) != n)
            return false;
        at += n;
        t->line++;
        if (!t->field && !p->entry_pos)
            t->row = t->line;
    }
    return true;
}

bool csv_read(const char *bytes, size_t len, struct brought **out, struct err *e)
{
    size_t bom = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct table t = {.b = brought_new(""), .head = true, .line = 1, .row = 1};
    struct csv_parser p;
    if (csv_init(&p, CSV_APPEND_NULL) != 0) {
        bring_free(t.b);
        return err_set(e, ERR_OTHER, "no memory to read this table");
    }
    bool ok = rows(&t, &p, bytes + bom, len - bom);
    // libcsv would take the rest of the file for one field.
    if (ok && p.quoted) {
        brought_add(t.b, t.row);
        brought_drop(t.b, t.row, "the rest of the file", "a quotation in it never ends");
    } else if (ok) {
        csv_fini(&p, on_field, on_row, &t);
    }
    csv_free(&p);
    bool pocket = false, instapaper = false;
    for (size_t i = 0; i < t.ncolumns; i++) {
        pocket = pocket || t.columns[i] == COLUMN_STATUS;
        instapaper = instapaper || t.columns[i] == COLUMN_FOLDER;
    }
    t.b->format = pocket       ? "Pocket's CSV"
                  : instapaper ? "Instapaper's CSV"
                               : "a table of bookmarks";
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        buf_free(&t.fields[i]);
    if (ok)
        *out = t.b;
    else
        bring_free(t.b);
    return ok || err_set(e, ERR_FORMAT, "this table cannot be read beyond line %d", t.line);
}

#else

bool csv_read(const char *bytes, size_t len, struct brought **out, struct err *e)
{
    (void)bytes, (void)len, (void)out;
    return err_set(e, ERR_OTHER, "this Lectern was built without libcsv and reads no tables");
}

#endif
