// Highlights as they are asked for: rows of the file with what waits in the handle laid over them.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "store/highlight_ops.h"

// Where a highlight is, of the items that are there: rather where its words are, rather in the
// entry.
#define LIVE                                                                              \
    "(EXISTS(SELECT 1 FROM entry e WHERE e.id = a.item) OR EXISTS(SELECT 1 FROM bookmark" \
    " b WHERE b.id = -a.item AND b.removed = 0))"
#define COLUMNS                                                                        \
    "h.id, h.colour, h.made, h.removed, h.quote, h.before, h.after, h.note, h.title, " \
    "h.author, h.feed_title, h.url, a.item, a.first, a.last, a.gone, a.seen"
static const char of_item[] = "SELECT " COLUMNS " FROM highlight_at a JOIN highlight h"
                              " ON h.id = a.highlight WHERE a.item = ?";
static const char by_id[] =
    "SELECT " COLUMNS " FROM highlight h LEFT JOIN highlight_at a"
    " ON a.highlight = h.id AND " LIVE " WHERE h.id = ? ORDER BY a.gone, a.item DESC LIMIT 1";

void highlight_copy(struct highlight *out, const struct highlight *h, struct arena *a)
{
    *out = *h;
    out->quote = arena_strdup(a, h->quote);
    out->before = arena_strdup(a, h->before);
    out->after = arena_strdup(a, h->after);
    out->note = arena_strdup(a, h->note);
    out->title = arena_strdup(a, h->title);
    out->author = arena_strdup(a, h->author);
    out->feed_title = arena_strdup(a, h->feed_title);
    out->url = arena_strdup(a, h->url);
}

const struct highlight_op *highlight_fresh(const struct store *s, int64_t id)
{
    for (size_t i = 0; i < s->nops; i++)
        if (s->ops[i].kind == OP_ADD && s->ops[i].h.id == id)
            return &s->ops[i];
    return NULL;
}

void highlight_lay_over(const struct store *s, struct found *f, int64_t at, struct arena *a)
{
    struct highlight *h = &f->h;
    for (size_t i = 0; i < s->nops; i++) {
        const struct highlight_op *op = &s->ops[i];
        if (op->h.id != h->id)
            continue;
        switch (op->kind) {
        case OP_ADD:
            break;
        case OP_NOTE:
            h->note = arena_strdup(a, op->h.note);
            break;
        case OP_COLOUR:
            h->colour = op->h.colour;
            break;
        case OP_REMOVE:
        case OP_RESTORE:
            f->removed = op->kind == OP_REMOVE;
            break;
        case OP_PLACE:
            if (op->item != (at ? at : h->item))
                break;
            h->from = op->h.from;
            h->to = op->h.to;
            h->seen = op->h.seen;
            h->gone = op->h.gone;
            break;
        }
    }
}

static void take(sqlite3_stmt *st, struct arena *a, struct found *f)
{
    int64_t colour = sql_col(st, 1);
    f->removed = sql_col(st, 3) != 0;
    f->h = (struct highlight){
        .id = sql_col(st, 0),
        .colour = colour >= 0 && colour < HIGHLIGHT_COLOUR_COUNT ? (enum highlight_colour)colour
                                                                 : HIGHLIGHT_YELLOW,
        .made = sql_col(st, 2),
        .quote = sql_text(st, 4, a),
        .before = sql_text(st, 5, a),
        .after = sql_text(st, 6, a),
        .note = sql_text(st, 7, a),
        .title = sql_text(st, 8, a),
        .author = sql_text(st, 9, a),
        .feed_title = sql_text(st, 10, a),
        .url = sql_text(st, 11, a),
        .item = sql_col(st, 12),
        .from = (uint32_t)sql_col(st, 13),
        .to = (uint32_t)sql_col(st, 14),
        .gone = sql_col(st, 15) != 0,
        .seen = (uint64_t)sql_col(st, 16),
    };
}

static int by_place(const void *x, const void *y)
{
    const struct highlight *a = x, *b = y;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

bool store_highlights(struct store *s, int64_t item, struct arena *a, struct highlight **out,
                      size_t *n, struct err *e)
{
    struct highlight *all = NULL;
    size_t count = 0, cap = 0;
    struct found f;
    if (!sql_read_begin(s, e))
        return false;
    sqlite3_stmt *st = sql_get(s, of_item, e);
    int got = st ? 1 : -1;
    if (st)
        sql_bind(st, "i", item);
    while (st && (got = sql_step(s, st, e)) > 0) {
        take(st, a, &f);
        if (s->nops)
            highlight_lay_over(s, &f, item, a);
        if (f.removed)
            continue;
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        all[count++] = f.h;
    }
    int64_t twin = s->nops && got == 0 ? store_twin(s, item) : 0;
    sql_read_end(s);
    for (size_t i = 0; got == 0 && i < s->nops; i++) {
        if (s->ops[i].kind != OP_ADD || (s->ops[i].item != item && s->ops[i].item != twin))
            continue;
        highlight_copy(&f.h, &s->ops[i].h, a);
        f.h.item = item;
        f.removed = false;
        highlight_lay_over(s, &f, item, a);
        if (f.removed)
            continue;
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        all[count++] = f.h;
    }
    if (got == 0) {
        *out = arena_alloc(a, (count + 1) * sizeof *all);
        if (count) {
            qsort(all, count, sizeof *all, by_place);
            memcpy(*out, all, count * sizeof *all);
        }
        *n = count;
    }
    free(all);
    return got == 0;
}

static bool read_one(struct store *s, int64_t id, struct arena *a, struct highlight *out,
                     struct err *e)
{
    struct found f = {0};
    const struct highlight_op *fresh = highlight_fresh(s, id);
    *out = (struct highlight){.quote = "", .before = "", .after = "", .title = ""};
    if (fresh) {
        highlight_copy(&f.h, &fresh->h, a);
    } else {
        sqlite3_stmt *st = sql_get(s, by_id, e);
        if (!st)
            return false;
        sql_bind(st, "i", id);
        int got = sql_step(s, st, e);
        if (got <= 0)
            return got == 0;
        take(st, a, &f);
        sql_done(st);
    }
    highlight_lay_over(s, &f, 0, a);
    if (!f.removed)
        *out = f.h;
    return true;
}

bool store_highlight_rows(struct store *s, const int64_t *ids, size_t n, struct arena *a,
                          struct highlight *rows, struct err *e)
{
    if (!sql_read_begin(s, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = read_one(s, ids[i], a, &rows[i], e);
    sql_read_end(s);
    return ok;
}

// ---- all there are ----

struct dated {
    int64_t id, made;
    bool removed;
};

static int newest_first(const void *x, const void *y)
{
    const struct dated *a = x, *b = y;
    if (a->made != b->made)
        return a->made > b->made ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

static size_t find(const struct dated *all, size_t n, int64_t id)
{
    size_t i = 0;
    while (i < n && all[i].id != id)
        i++;
    return i;
}

// What waits, in the order it came; only what is named by it is looked for.
static bool lay_over_ids(struct store *s, struct dated **all, size_t *n, size_t *cap, struct err *e)
{
    static const char query[] = "SELECT made FROM highlight WHERE id = ?";
    bool moved = false;
    for (size_t i = 0; i < s->nops; i++) {
        const struct highlight_op *op = &s->ops[i];
        if (op->kind != OP_ADD && op->kind != OP_REMOVE && op->kind != OP_RESTORE)
            continue;
        size_t at = find(*all, *n, op->h.id);
        if (at == *n) {
            int64_t made = op->h.made;
            if (op->kind == OP_REMOVE)
                continue;
            if (op->kind == OP_RESTORE && !sql_int(s, e, 0, &made, query, "i", op->h.id))
                return false;
            if (op->kind == OP_RESTORE && !made)
                continue;
            *all = mem_grow(*all, cap, *n + 1, sizeof **all);
            (*all)[(*n)++] = (struct dated){.id = op->h.id, .made = made};
            moved = true;
        }
        (*all)[at].removed = op->kind == OP_REMOVE;
    }
    if (moved)
        qsort(*all, *n, sizeof **all, newest_first);
    return true;
}

bool store_highlight_ids(struct store *s, int64_t **ids, size_t *n, struct err *e)
{
    static const char query[] =
        "SELECT id, made FROM highlight WHERE removed = 0 ORDER BY made DESC, id DESC";
    struct dated *all = NULL;
    size_t count = 0, cap = 0, kept = 0;
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? 1 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        all[count++] = (struct dated){.id = sql_col(st, 0), .made = sql_col(st, 1)};
    }
    bool ok = got == 0 && lay_over_ids(s, &all, &count, &cap, e);
    if (ok) {
        *ids = mem_array(count, sizeof **ids);
        for (size_t i = 0; i < count; i++)
            if (!all[i].removed)
                (*ids)[kept++] = all[i].id;
        *n = kept;
    }
    free(all);
    return ok;
}

bool store_highlight_count(struct store *s, int64_t *n, struct err *e)
{
    static const char query[] = "SELECT highlights FROM bookmark_tally WHERE one = 1",
                      there[] = "SELECT removed = 0 FROM highlight WHERE id = ?";
    int64_t count;
    if (!sql_int(s, e, 0, &count, query, ""))
        return false;
    for (size_t i = 0; i < s->nops; i++) {
        const struct highlight_op *op = &s->ops[i];
        bool named = false; // the first of an id tells of all that follow
        for (size_t k = 0; k < i && !named; k++)
            named = s->ops[k].h.id == op->h.id;
        if (named)
            continue;
        int64_t was = 0;
        if (op->kind != OP_ADD && !sql_int(s, e, -1, &was, there, "i", op->h.id))
            return false;
        if (was < 0)
            continue;
        bool is = was;
        for (size_t k = i; k < s->nops; k++)
            if (s->ops[k].h.id == op->h.id)
                is = s->ops[k].kind == OP_REMOVE                                ? false
                     : s->ops[k].kind == OP_ADD || s->ops[k].kind == OP_RESTORE ? true
                                                                                : is;
        count += is - was;
    }
    *n = count;
    return true;
}

static bool is_removed(const struct store *s, int64_t id, bool before)
{
    for (size_t i = 0; i < s->nops; i++)
        if (s->ops[i].h.id == id && s->ops[i].kind <= OP_RESTORE)
            before = s->ops[i].kind == OP_REMOVE    ? true
                     : s->ops[i].kind == OP_RESTORE ? false
                                                    : before;
    return before;
}

bool highlights_any(struct store *s, int64_t item)
{
    static const char query[] = "SELECT h.id, h.removed FROM highlight_at a JOIN highlight h ON "
                                "h.id = a.highlight WHERE a.item = ?";
    bool any = false;
    int64_t twin = s->nops ? store_twin(s, item) : 0;
    for (size_t i = 0; i < s->nops && !any; i++) {
        const struct highlight_op *op = &s->ops[i];
        any = op->kind == OP_ADD && (op->item == item || op->item == twin) &&
              !is_removed(s, op->h.id, false);
    }
    sqlite3_stmt *st = any ? NULL : sql_get(s, query, NULL);
    if (!st)
        return any;
    sql_bind(st, "i", item);
    while (!any && sql_step(s, st, NULL) > 0)
        any = !is_removed(s, sql_col(st, 0), sql_col(st, 1) != 0);
    sql_done(st);
    return any;
}
