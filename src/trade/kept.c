// Bookmarks between library and files: loaded whole, and built up by those who read files.
#include "trade/kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/feed.h"
#include "lectern/utf8.h"

bool kept_load(struct store *s, int64_t id, struct arena *a, struct kept *out, struct err *e)
{
    *out = (struct kept){0};
    return store_item(s, id, a, &out->body, e) && store_carried(s, id, a, &out->carried, e) &&
           kept_marks(s, id, a, out, e);
}

struct brought *brought_new(const char *format)
{
    struct brought *b = mem_alloc(sizeof *b);
    b->arena = arena_new();
    b->format = format;
    return b;
}

void bring_free(struct brought *b)
{
    if (!b)
        return;
    arena_free(b->arena);
    free(b->items);
    free(b->skipped);
    free(b->tags);
    free(b);
}

struct kept *brought_add(struct brought *b, int line)
{
    b->items = mem_grow(b->items, &b->cap, b->n + 1, sizeof *b->items);
    b->items[b->n] = (struct kept){.line = line, .body.row.title = ""};
    b->ntags = 0;
    return &b->items[b->n++];
}

void brought_drop(struct brought *b, int line, const char *what, const char *why)
{
    b->skipped = mem_grow(b->skipped, &b->skipped_cap, b->nskipped + 1, sizeof *b->skipped);
    const char *clean = brought_line(b, what, strlen(what));
    b->skipped[b->nskipped].line = line;
    b->skipped[b->nskipped].what = clean ? clean : "a bookmark";
    b->skipped[b->nskipped++].why = why;
    b->n--;
}

static const char *cleaned(struct brought *b, const char *s, size_t len, enum utf8_mode mode)
{
    struct buf out = {0};
    if (s)
        utf8_clean(&out, s, len, mode);
    const char *kept = out.len ? arena_strndup(b->arena, out.data, out.len) : NULL;
    buf_free(&out);
    return kept;
}

const char *brought_line(struct brought *b, const char *s, size_t len)
{
    return cleaned(b, s, len, UTF8_LINE);
}

const char *brought_text(struct brought *b, const char *s, size_t len)
{
    return cleaned(b, s, len, UTF8_TEXT);
}

const char *brought_note(struct brought *b, const char *s, size_t len)
{
    const char *note = brought_text(b, s, len);
    size_t from = note ? strspn(note, " \t\n") : 0, end = note ? strlen(note) : 0;
    while (end > from && strchr(" \t\n", note[end - 1]))
        end--;
    return end > from ? arena_strndup(b->arena, note + from, end - from) : NULL;
}

const char *brought_address(struct brought *b, const char *s, size_t len)
{
    return cleaned(b, s, len, UTF8_ADDRESS);
}

void brought_tag(struct brought *b, const char *tag, size_t len)
{
    const char *clean = brought_line(b, tag, len);
    for (size_t i = 0; clean && i < b->ntags; i++)
        if (strcasecmp(b->tags[i], clean) == 0)
            clean = NULL;
    if (!clean)
        return;
    b->tags = mem_grow(b->tags, &b->tags_cap, b->ntags + 1, sizeof *b->tags);
    b->tags[b->ntags++] = clean;
}

bool brought_url(struct brought *b, const char *url)
{
    struct kept *k = &b->items[b->n - 1];
    const char *clean = url ? brought_address(b, url, strlen(url)) : NULL;
    if (!clean ||
        (strncasecmp(clean, "http://", 7) != 0 && strncasecmp(clean, "https://", 8) != 0)) {
        brought_drop(b, k->line, clean ? clean : "a bookmark",
                     clean ? "it is no address on the web" : "it has no address");
        return false;
    }
    k->body.row.url = clean;
    return true;
}

void brought_end(struct brought *b)
{
    struct kept *k = &b->items[b->n - 1];
    k->body.row.tags = arena_alloc(b->arena, (b->ntags + 1) * sizeof *k->body.row.tags);
    if (b->ntags)
        memcpy(k->body.row.tags, b->tags, b->ntags * sizeof *b->tags);
    if (!*k->body.row.title && k->body.row.url && !*k->carried.uid) // Lectern's own may have none
        k->body.row.title = k->body.row.url;
}

int64_t brought_date(const char *s)
{
    char *end;
    int64_t t = 0;
    if (!s || !*s)
        return 0;
    long long n = strtoll(s, &end, 10);
    if (!*end) // some count milli- or microseconds
        return n < 0 ? 0 : n > 100000000000000LL ? n / 1000000 : n > 100000000000LL ? n / 1000 : n;
    return date_parse(s, &t) ? t : 0;
}

// ---- what is told of it ----

const char *bring_format(const struct brought *b)
{
    return b->format;
}

size_t bring_count(const struct brought *b)
{
    return b->n;
}

void bring_show(const struct brought *b, size_t i, const char **title, const char **url)
{
    *title = b->items[i].body.row.title;
    *url = b->items[i].body.row.url;
}

bool bring_skipped(const struct brought *b, size_t i, int *line, const char **what,
                   const char **why)
{
    if (i >= b->nskipped)
        return false;
    *line = b->skipped[i].line;
    *what = b->skipped[i].what;
    *why = b->skipped[i].why;
    return true;
}

static const struct {
    bool (*looks)(const char *bytes, size_t len);
    bool (*read)(const char *bytes, size_t len, struct brought **out, struct err *e);
} forms[] = {
    {json_looks, json_read},
    {netscape_looks, netscape_read},
    {csv_looks, csv_read},
};

bool bring_looks(const char *bytes, size_t len)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].looks(bytes, len))
            return true;
    return false;
}

bool bring_looks_file(const char *path)
{
    FILE *f = fopen(path, "r");
    char head[4096];
    size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    if (f)
        fclose(f);
    return n && bring_looks(head, n);
}

bool bring_read(const char *bytes, size_t len, struct brought **out, struct err *e)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].looks(bytes, len))
            return forms[i].read(bytes, len, out, e);
    return err_set(e, ERR_FORMAT,
                   "these are no bookmarks that Lectern can read; lectern-export(5) tells the "
                   "forms");
}
