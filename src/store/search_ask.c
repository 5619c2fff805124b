// Asking the index of words, part by part, so that no step takes long however many texts there are:
// a range of numbers at a time, greater ranges where little is found. Only a beginning of words is
// asked for in one piece, since its words are gathered anew for each. Hits are weighed as BM25 does
// as long as there are few enough for it; how rare a phrase is is told by a sample.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lectern/buf.h"
#include "lectern/search.h"
#include "store/search_doc.h"
#include "store/store.h"

enum { FIRST_RANGE = 4096, SAMPLE = 4096, QUICK_MS = 4 };
static const double weights[SEARCH_COLUMNS] = {1, 8, 3, 4};

struct search {
    struct store *s;
    const struct search_base *base;
    char *asked, *titled; // as the index has it: in all columns; all of it in the title
    double *rare;         // how much each phrase weighs
    size_t nrare;
    bool gathers; // beginnings of words
    int64_t from; // numbers at or above it have been looked at; 0: all
    int64_t range;
    bool titles; // the second walk, over titles
    bool many;   // more than are weighed, as far as can be told: nothing is weighed on the way
    struct search_hit *hits;
    size_t n, cap, weighed;
};

// ---- in the index's own words ----

static void write_phrase(const struct phrase *p, struct buf *out)
{
    buf_char(out, '"');
    for (size_t i = 0; i < p->words.n; i++) {
        if (i)
            buf_char(out, ' ');
        buf_add(out, p->words.folded + p->words.items[i].at, p->words.items[i].n);
    }
    buf_str(out, p->prefix ? "\"*" : "\"");
}

static void write_term(const struct search_term *t, struct buf *out)
{
    static const char *const names[SEARCH_COLUMNS] = {"text", "title", "subtitle", "author"};
    if (t->columns) {
        buf_char(out, '{');
        for (int i = 0; i < SEARCH_COLUMNS; i++)
            if (t->columns & 1u << i)
                buf_printf(out, "%s ", names[i]);
        buf_str(out, "}:");
    }
    if (t->n > 1)
        buf_str(out, "NEAR(");
    for (size_t i = 0; i < t->n; i++) {
        if (i)
            buf_char(out, ' ');
        write_phrase(&t->phrases[i], out);
    }
    if (t->n > 1)
        buf_printf(out, ", %d)", t->near);
}

static void write_clauses(const struct search_clause *c, size_t n, bool none, const char *between,
                          struct buf *out)
{
    size_t written = 0;
    for (size_t i = 0; i < n; i++) {
        if (c[i].none != none)
            continue;
        buf_printf(out, "%s(", written++ ? between : "");
        for (size_t k = 0; k < c[i].n; k++) {
            if (k)
                buf_str(out, " OR ");
            write_term(&c[i].terms[k], out);
        }
        buf_char(out, ')');
    }
}

void search_expression(const struct search_clause *c, size_t n, struct buf *out)
{
    struct buf none = {0};
    write_clauses(c, n, true, " OR ", &none);
    if (none.len)
        buf_char(out, '(');
    write_clauses(c, n, false, " AND ", out);
    if (none.len)
        buf_printf(out, ") NOT (%s)", none.data);
    buf_free(&none);
}

// ---- weighing ----

// Okapi BM25, the words of columns by their weight.
static void weigh(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int nval,
                  sqlite3_value **val)
{
    enum { PHRASES = 64 };
    const double k1 = 1.2, b = 0.75;
    double found[PHRASES] = {0}, score = 0;
    const double *rare = nval ? sqlite3_value_blob(val[0]) : NULL;
    size_t nrare = nval ? (size_t)sqlite3_value_bytes(val[0]) / sizeof *rare : 0;
    int phrases = api->xPhraseCount(fts), n = 0, words = 0;
    sqlite3_int64 rows = 1, all = 0;
    if (api->xInstCount(fts, &n) || api->xColumnSize(fts, -1, &words) ||
        api->xRowCount(fts, &rows) || api->xColumnTotalSize(fts, -1, &all)) {
        sqlite3_result_double(ctx, 0);
        return;
    }
    for (int i = 0; i < n; i++) {
        int p, column, off;
        if (api->xInst(fts, i, &p, &column, &off) == SQLITE_OK && p < PHRASES &&
            column < SEARCH_COLUMNS)
            found[p] += weights[column];
    }
    double average = rows > 0 ? (double)all / (double)rows : 1;
    double length = k1 * (1 - b + b * words / (average > 0 ? average : 1));
    for (int p = 0; p < phrases && p < PHRASES; p++) {
        double weight = (size_t)p < nrare ? rare[p] : 1;
        score += weight * found[p] * (k1 + 1) / (found[p] + length);
    }
    sqlite3_result_double(ctx, score);
}

static bool teach(struct store *s, struct err *e)
{
    if (s->weighs)
        return true;
    fts5_api *api = NULL;
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(s->db, "SELECT fts5(?1)", -1, &st, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
        sqlite3_step(st);
    }
    sqlite3_finalize(st);
    if (!api || api->xCreateFunction(api, "weigh", NULL, weigh, NULL) != SQLITE_OK)
        return err_set(e, ERR_OTHER, "this SQLite has no full-text search (FTS5)");
    return s->weighs = true;
}

// In how many texts of a sample, the newest, it is.
static bool rarity(struct store *s, const struct search_base *b, const struct phrase *p,
                   double *out, struct err *e)
{
    static const char count[] =
        "SELECT count(*) FROM find WHERE find MATCH ?1 AND rowid BETWEEN ?2 AND ?3";
    struct buf words = {0};
    int64_t n = 0, first = b->entries > SAMPLE ? b->entries - SAMPLE : 0;
    write_phrase(p, &words);
    bool ok = sql_int(s, e, 0, &n, count, "tii", words.data, first, b->entries);
    buf_free(&words);
    double of = (double)(b->entries - first);
    *out = log(1 + (of - (double)n + 0.5) / ((double)n + 0.5));
    return ok;
}

static bool rarities(struct search *x, const struct search_clause *c, size_t n, struct err *e)
{
    size_t cap = 0;
    bool ok = true;
    size_t phrases = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; !c[i].none && k < c[i].n; k++)
            phrases += c[i].terms[k].n;
    for (int none = 0; none < 2; none++) // in the order in which they are written
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; c[i].none == none && k < c[i].n; k++)
                for (size_t p = 0; ok && p < c[i].terms[k].n; p++) {
                    const struct phrase *ph = &c[i].terms[k].phrases[p];
                    x->rare = mem_grow(x->rare, &cap, x->nrare + 1, sizeof *x->rare);
                    double *weight = &x->rare[x->nrare++];
                    *weight = 1;
                    x->gathers |= ph->prefix;
                    if (!none && !ph->prefix && phrases > 1)
                        ok = rarity(x->s, x->base, ph, weight, e);
                }
    return ok;
}

// Weighing what turns out to be too much is lost time. Beginnings of words are gathered anew for
// each question, so they are asked without it first.
static bool expect(struct search *x, struct err *e)
{
    static const char count[] =
        "SELECT count(*) FROM find WHERE find MATCH ?1 AND rowid BETWEEN ?2 AND ?3";
    int64_t n = 0, top = x->base->entries, first = top > SAMPLE ? top - SAMPLE : 0;
    x->many = x->gathers;
    if (x->gathers || top < 4 * SEARCH_WEIGHED)
        return true;
    if (!sql_int(x->s, e, 0, &n, count, "tii", x->asked, first, top))
        return false;
    x->many = n * top / SAMPLE > 2 * SEARCH_WEIGHED;
    return true;
}

// ---- walking ----

bool search_open(struct store *s, const struct search_base *base, const struct search_clause *c,
                 size_t n, struct search **out, struct err *e)
{
    struct search *x = mem_alloc(sizeof *x);
    *x = (struct search){.s = s, .base = base, .from = INT64_MAX, .range = FIRST_RANGE};
    struct buf b = {0};
    search_expression(c, n, &b);
    x->titled = mem_printf("{title}:(%s)", buf_cstr(&b));
    x->asked = buf_take(&b, NULL);
    if (!teach(s, e) || !rarities(x, c, n, e) || !expect(x, e)) {
        search_close(x);
        return false;
    }
    *out = x;
    return true;
}

void search_close(struct search *x)
{
    if (!x)
        return;
    free(x->asked);
    free(x->titled);
    free(x->rare);
    free(x->hits);
    free(x);
}

const struct search_hit *search_hits(const struct search *x, size_t *n)
{
    *n = x->n;
    return x->hits;
}

static int by_item(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

static bool current(const struct search_base *b, int64_t doc)
{
    int64_t item = search_doc_item(doc), version = 0;
    if (!search_base_has(b, item))
        return false;
    const struct search_version *v =
        b->nagain ? bsearch(&item, b->again, b->nagain, sizeof *b->again, by_item) : NULL;
    if (v)
        version = v->version;
    return version == search_doc_version(doc);
}

static void keep(struct search *x, int64_t doc, double rank)
{
    if (!current(x->base, doc))
        return;
    x->hits = mem_grow(x->hits, &x->cap, x->n + 1, sizeof *x->hits);
    x->hits[x->n++] = (struct search_hit){search_doc_item(doc), rank};
    x->weighed += rank >= 0;
}

// One range, weighed or not. Weighing ends where it becomes too much.
static bool walk(struct search *x, const char *words, int64_t first, int64_t last, bool weighed,
                 struct err *e)
{
    static const char with[] = "SELECT rowid, weigh(find, ?4) FROM find WHERE find MATCH ?1 AND "
                               "rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC";
    static const char without[] = "SELECT rowid, -1.0 FROM find WHERE find MATCH ?1 AND rowid "
                                  "BETWEEN ?2 AND ?3 ORDER BY rowid DESC";
    sqlite3_stmt *st = sql_get(x->s, weighed ? with : without, e);
    int got = st ? 1 : -1;
    if (st && weighed)
        sql_bind(st, "tiib", words, first, last, x->rare, x->nrare * sizeof *x->rare);
    else if (st)
        sql_bind(st, "tii", words, first, last);
    while (st && (got = sql_step(x->s, st, e)) > 0) {
        last = sql_col(st, 0);
        keep(x, last, sqlite3_column_double(st, 1));
        if (weighed && x->weighed >= SEARCH_WEIGHED)
            break;
    }
    if (st)
        sql_done(st);
    if (got > 0 && !x->titles)
        return walk(x, words, first, last - 1, false, e);
    return got >= 0;
}

static int by_item_and_rank(const void *x, const void *y)
{
    const struct search_hit *a = x, *b = y;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return a->rank > b->rank ? -1 : a->rank < b->rank;
}

// There are too many to weigh: those that have it in the title instead.
static bool weigh_titles(struct search *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++)
        x->hits[i].rank = -1;
    x->titles = true;
    x->weighed = 0;
    bool ok = walk(x, x->titled, 0, INT64_MAX, true, e);
    size_t kept = 0;
    qsort(x->hits, x->n, sizeof *x->hits, by_item_and_rank);
    for (size_t i = 0; i < x->n; i++)
        if (!kept || x->hits[kept - 1].item != x->hits[i].item)
            x->hits[kept++] = x->hits[i];
    x->n = kept;
    return ok;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool search_step(struct search *x, bool *more, struct err *e)
{
    int64_t top = search_doc_of(x->base->entries, 0), began = now_ms();
    int64_t last = x->from == INT64_MAX ? INT64_MAX : x->from - 1;
    int64_t first = x->gathers || top <= x->range ? 0
                    : x->from == INT64_MAX        ? top - x->range + 1
                    : x->from > x->range          ? x->from - x->range
                                                  : 0;
    if (!walk(x, x->asked, first, last, !x->many && x->weighed < SEARCH_WEIGHED, e))
        return false;
    if (now_ms() - began < QUICK_MS)
        x->range *= 4;
    x->from = first;
    *more = first > 0;
    if (*more)
        return true;
    if (x->many && x->n <= SEARCH_WEIGHED) { // fewer than was thought
        x->n = x->weighed = 0;
        return walk(x, x->asked, 0, INT64_MAX, true, e);
    }
    return x->n <= SEARCH_WEIGHED || weigh_titles(x, e);
}

// ---- what the index knows ----

static bool load(struct store *s, const char *query, struct search_version **out, size_t *n,
                 struct err *e)
{
    size_t cap = 0;
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? 1 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        *out = mem_grow(*out, &cap, *n + 1, sizeof **out);
        (*out)[(*n)++] = (struct search_version){sql_col(st, 0), sql_col(st, 1)};
    }
    return got == 0;
}

bool search_base_load(struct store *s, struct search_base *out, struct err *e)
{
    static const char todo[] = "SELECT item, 0 FROM find_todo ORDER BY item";
    static const char again[] = "SELECT item, version FROM find_again ORDER BY item";
    struct search_state state;
    struct search_version *waiting = NULL;
    struct search_base b = {0};
    if (!sql_read_begin(s, e))
        return false;
    bool ok = search_state_read(s, &state, e) && load(s, todo, &waiting, &b.nwaiting, e) &&
              load(s, again, &b.again, &b.nagain, e);
    sql_read_end(s);
    b.entries = ok ? state.entry : 0;
    b.bookmarks = ok ? state.bookmark : 0;
    b.waiting = mem_array(b.nwaiting + 1, sizeof *b.waiting);
    for (size_t i = 0; i < b.nwaiting; i++)
        b.waiting[i] = waiting[i].item;
    free(waiting);
    if (ok)
        *out = b;
    else
        search_base_free(&b);
    return ok;
}

void search_base_free(struct search_base *b)
{
    free(b->waiting);
    free(b->again);
    *b = (struct search_base){0};
}

bool search_base_has(const struct search_base *b, int64_t item)
{
    return (item < 0 ? -item <= b->bookmarks : item <= b->entries) &&
           !(b->nwaiting && bsearch(&item, b->waiting, b->nwaiting, sizeof *b->waiting, by_item));
}

// ---- what it does not know ----

bool search_twin(struct store *s, int64_t item)
{
    static const char twin[] = "SELECT 1 FROM bookmark b JOIN entry e ON e.id = b.entry AND e.text "
                               "= b.text WHERE b.id = ?";
    int64_t there = 0;
    return item < 0 && sql_int(s, NULL, 0, &there, twin, "i", -item) && there;
}

static bool was_there(const struct search_base *b, int64_t item)
{
    return item < 0 ? -item <= b->bookmarks : item <= b->entries;
}

// Down the entries that are not in it, then bookmarks, then what waits again.
bool search_unindexed(struct store *s, const struct search_base *b, int64_t *from, size_t most,
                      int64_t *items, size_t *n, struct err *e)
{
    static const char entries[] =
        "SELECT id FROM entry WHERE id > ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    static const char bookmarks[] =
        "SELECT -id FROM bookmark WHERE id > ?1 AND removed = 0 AND NOT EXISTS(SELECT 1 FROM entry "
        "e WHERE e.id = bookmark.entry AND e.text = bookmark.text) ORDER BY id DESC";
    *n = 0;
    if (*from > 0) {
        sqlite3_stmt *st = sql_get(s, entries, e);
        int got = st ? 0 : -1;
        if (st) {
            sql_bind(st, "iii", b->entries, *from, (int64_t)most);
            while (*n < most && (got = sql_step(s, st, e)) > 0)
                items[(*n)++] = sql_col(st, 0);
            sql_done(st);
        }
        *from = *n ? items[*n - 1] : 0;
        if (*n || got < 0)
            return got >= 0;
    }
    size_t at = (size_t) - *from, seen = 0; // of bookmarks, then of what waits
    sqlite3_stmt *st = sql_get(s, bookmarks, e);
    int got = st ? 0 : -1;
    if (st) {
        sql_bind(st, "i", b->bookmarks);
        while (*n < most && (got = sql_step(s, st, e)) > 0)
            if (seen++ >= at)
                items[(*n)++] = sql_col(st, 0);
        sql_done(st);
    }
    if (got < 0)
        return false;
    for (size_t i = 0; i < b->nwaiting && *n < most; i++)
        if (was_there(b, b->waiting[i]) && seen++ >= at)
            items[(*n)++] = b->waiting[i];
    *from -= (int64_t)*n;
    return true;
}

bool search_notes(struct store *s, struct arena *a, struct search_note **out, size_t *n,
                  struct err *e)
{
    static const char query[] =
        "WITH noted(item, text) AS ("
        " SELECT -id, note FROM bookmark WHERE removed = 0 AND note IS NOT NULL"
        " UNION ALL SELECT a.item, coalesce(h.note, '') || iif(a.gone, char(10) || h.quote, '')"
        "  FROM highlight h JOIN highlight_at a ON a.highlight = h.id"
        "  WHERE h.removed = 0 AND (h.note IS NOT NULL OR a.gone))"
        "SELECT DISTINCT coalesce(e.id, n.item) AS i, n.text FROM noted n"
        " LEFT JOIN bookmark b ON n.item < 0 AND b.id = -n.item"
        " LEFT JOIN entry e ON e.id = b.entry AND e.text = b.text ORDER BY i";
    sqlite3_stmt *st = sql_get(s, query, e);
    struct search_note *all = NULL;
    size_t count = 0, cap = 0;
    int got = st ? 1 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        all[count++] = (struct search_note){sql_col(st, 0), sql_text(st, 1, a)};
    }
    if (got == 0) {
        *out = arena_alloc(a, (count + 1) * sizeof *all);
        if (count)
            memcpy(*out, all, count * sizeof *all);
        *n = count;
    }
    free(all);
    return got == 0;
}

bool search_dated(struct store *s, int64_t *sort, int64_t *id, size_t most, int64_t *ids,
                  int64_t *sorts, size_t *n, struct err *e)
{
    static const char query[] = "SELECT id, sort FROM entry WHERE (sort, id) < (?1, ?2) ORDER BY "
                                "sort DESC, id DESC LIMIT ?3";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "iii", *sort, *id, (int64_t)most);
    int got = 0;
    *n = 0;
    while (*n < most && (got = sql_step(s, st, e)) > 0) {
        ids[*n] = sql_col(st, 0);
        sorts[(*n)++] = sql_col(st, 1);
    }
    sql_done(st);
    if (*n) {
        *sort = sorts[*n - 1];
        *id = ids[*n - 1];
    }
    return got >= 0;
}
