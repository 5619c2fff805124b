// Rows out of a wreck. First the trees are followed from their roots, as far as they lead; then
// pages that no tree led to are looked at: they belong to the table whose rows have their shape.
// Pages that are free are not among them, so that what was deleted does not come back; where it is
// not known which are free, only tables that have lost a part of their tree take any.
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "store/salvage.h"

enum { DEEPEST = 24, MOST_TABLES = 64, OTHER = 1000 }; // OTHER: trees that are only marked

static const char *const derived[] = {"tally",      "bookmark_tally", "pack_live",  "kept_tag",
                                      "find_state", "find_todo",      "find_again", NULL};

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

// ---- the tables there are to be ----

static enum wreck_type type_of(const char *declared)
{
    return strcmp(declared, "INTEGER") == 0 || strcmp(declared, "INT") == 0 ? VALUE_INT
           : strcmp(declared, "REAL") == 0                                  ? VALUE_REAL
           : strcmp(declared, "TEXT") == 0                                  ? VALUE_TEXT
           : strcmp(declared, "BLOB") == 0                                  ? VALUE_BLOB
                                                                            : VALUE_NULL;
}

static bool read_columns(struct salvage *v, struct salvage_table *t, struct err *e)
{
    // A tree without rowid has its key first.
    static const char rows[] = "SELECT name, upper(type), \"notnull\", dflt_value IS NOT NULL, pk "
                               "FROM pragma_table_info(?1) ORDER BY iif(?2 AND pk, pk, 1000 + cid)";
    sqlite3_stmt *st = sql_get(v->out, rows, e);
    if (!st)
        return false;
    sql_bind(st, "ti", t->name, (int64_t)t->indexed);
    int got, keys = 0;
    t->alias = -1;
    while ((got = sql_step(v->out, st, e)) > 0 && t->ncolumns < WRECK_COLUMNS) {
        struct salvage_column *c = &t->columns[t->ncolumns];
        c->name = mem_strdup((const char *)sqlite3_column_text(st, 0));
        c->type = type_of((const char *)sqlite3_column_text(st, 1));
        c->filled = (sql_col(st, 2) || (t->indexed && sql_col(st, 4))) && !sql_col(st, 3);
        if (sql_col(st, 4) && ++keys && c->type == VALUE_INT && !t->indexed)
            t->alias = (int)t->ncolumns;
        t->ncolumns++;
    }
    if (keys != 1)
        t->alias = -1;
    sql_done(st);
    return got >= 0;
}

static bool read_tables(struct salvage *v, struct err *e)
{
    static const char list[] =
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name "
        "NOT LIKE 'sqlite_%' ORDER BY (SELECT rowid FROM sqlite_schema s WHERE s.name = "
        "pragma_table_list.name)";
    sqlite3_stmt *st = sql_get(v->out, list, e);
    int got = st ? 0 : -1;
    v->tables = mem_array(MOST_TABLES, sizeof *v->tables);
    while (st && (got = sql_step(v->out, st, e)) > 0 && v->ntables < MOST_TABLES) {
        struct salvage_table *t = &v->tables[v->ntables++];
        t->name = mem_strdup((const char *)sqlite3_column_text(st, 0));
        t->indexed = sql_col(st, 1) != 0;
        t->derived = is_one_of(t->name, derived);
    }
    sql_done(st);
    bool ok = got >= 0;
    for (size_t i = 0; ok && i < v->ntables; i++)
        ok = read_columns(v, &v->tables[i], e);
    return ok;
}

void salvage_load_free(struct salvage *v)
{
    for (size_t i = 0; i < v->ntables; i++) {
        struct salvage_table *t = &v->tables[i];
        for (size_t k = 0; k < t->ncolumns; k++)
            free(t->columns[k].name);
        for (size_t k = 0; k <= WRECK_COLUMNS; k++)
            sqlite3_finalize(t->insert[k]);
        free(t->name);
    }
    for (size_t i = 0; i < v->nsequences; i++)
        free(v->sequences[i].table);
    free(v->sequences);
    free(v->tables);
    free(v->seen);
    free(v->used);
}

// ---- rows ----

// Has the record the shape of the table's rows? Columns that came with a later version may be
// missing at its end.
static bool fits(const struct salvage_table *t, const struct wreck_value *values, size_t n)
{
    if (n == 0 || n > t->ncolumns)
        return false;
    for (size_t i = 0; i < t->ncolumns; i++) {
        const struct salvage_column *c = &t->columns[i];
        bool alias = (int)i == t->alias;
        if (i >= n || values[i].type == VALUE_NULL) {
            if (i >= n ? c->filled && !alias : c->filled && !alias)
                return false;
            continue;
        }
        bool same = values[i].type == c->type || c->type == VALUE_NULL ||
                    (c->type == VALUE_REAL && values[i].type == VALUE_INT);
        if (alias || !same)
            return false;
    }
    return true;
}

static sqlite3_stmt *insert_of(struct salvage *v, struct salvage_table *t, size_t n)
{
    if (t->insert[n])
        return t->insert[n];
    struct buf sql = {0};
    buf_printf(&sql, "INSERT OR IGNORE INTO main.\"%s\"(", t->name);
    for (size_t i = 0; i < n; i++)
        buf_printf(&sql, "%s\"%s\"", i ? "," : "", t->columns[i].name);
    buf_str(&sql, ") VALUES(");
    for (size_t i = 0; i < n; i++)
        buf_str(&sql, i ? ",?" : "?");
    buf_char(&sql, ')');
    if (sqlite3_prepare_v2(v->out->db, sql.data, -1, &t->insert[n], NULL) != SQLITE_OK) {
        sql_error(v->out, "cannot write the new library", &v->err);
        v->failed = true;
    }
    buf_free(&sql);
    return t->insert[n];
}

// Text that was damaged may be anything by now; it is made as safe as what comes from a feed.
static void bind_text(sqlite3_stmt *st, int at, const char *column, const struct wreck_value *x)
{
    static const char *const lines[] = {"title",     "subtitle",   "author", "name",
                                        "own_title", "feed_title", "tag",    NULL},
                             *const addresses[] = {"url", "home", "audio", "image", NULL};
    enum utf8_mode mode = is_one_of(column, lines)       ? UTF8_LINE
                          : is_one_of(column, addresses) ? UTF8_ADDRESS
                                                         : UTF8_TEXT;
    char *clean = utf8_clean_dup((const char *)x->bytes, x->len, mode);
    sqlite3_bind_text(st, at, clean, -1, free);
}

// True: it is in the new library now, or was.
static bool put(struct salvage *v, struct salvage_table *t, int64_t rowid,
                const struct wreck_value *values, size_t n)
{
    sqlite3_stmt *st = v->failed ? NULL : insert_of(v, t, n);
    if (!st)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct wreck_value *x = &values[i];
        int at = (int)i + 1;
        if ((int)i == t->alias)
            sqlite3_bind_int64(st, at, rowid);
        else if (x->type == VALUE_INT)
            sqlite3_bind_int64(st, at, x->i);
        else if (x->type == VALUE_REAL)
            sqlite3_bind_double(st, at, x->d);
        else if (x->type == VALUE_TEXT)
            bind_text(st, at, t->columns[i].name, x);
        else if (x->type == VALUE_BLOB)
            sqlite3_bind_blob64(st, at, x->bytes, x->len, SQLITE_STATIC);
        else
            sqlite3_bind_null(st, at);
    }
    int code = sqlite3_step(st) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(v->out->db);
    if (code != SQLITE_OK && (code & 0xFF) != SQLITE_CONSTRAINT &&
        (code & 0xFF) != SQLITE_MISMATCH) {
        sql_error(v->out, "cannot write the new library", &v->err);
        v->failed = true;
    }
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return code == SQLITE_OK;
}

// ---- trees ----

struct walk {
    struct salvage *v;
    struct salvage_table *t; // NULL: the tree is only marked
    int64_t least, most;     // rowids that may stand where it is now
    size_t taken, refused;
};

static void on_row(void *ctx, const struct wreck_cell *c)
{
    struct walk *k = ctx;
    struct wreck_value values[WRECK_COLUMNS];
    size_t n = wreck_record(c->payload, c->len, values);
    bool here = k->t->indexed || (c->rowid > k->least && c->rowid <= k->most);
    if (here && fits(k->t, values, n) && put(k->v, k->t, c->rowid, values, n))
        k->taken++;
    else
        k->refused++;
}

static void on_nothing(void *ctx, const struct wreck_cell *c)
{
    (void)c;
    ((struct walk *)ctx)->taken++;
}

// What the damaged library counted itself: (key, how many, ...).
static void on_tally(void *ctx, const struct wreck_cell *c)
{
    struct walk *k = ctx;
    struct wreck_value x[WRECK_COLUMNS];
    k->taken++;
    if (wreck_record(c->payload, c->len, x) < 2 || x[1].type != VALUE_INT || x[1].i < 0 ||
        x[1].i > INT32_MAX)
        return;
    int64_t *sum = strcmp(k->t->name, "tally") == 0            ? &k->v->result->had_essays
                   : strcmp(k->t->name, "bookmark_tally") == 0 ? &k->v->result->had_bookmarks
                                                               : NULL;
    if (sum)
        *sum = (*sum < 0 ? 0 : *sum) + x[1].i;
}

static void broken(struct salvage *v, struct salvage_table *t)
{
    if (t)
        t->broken = true;
    if (t && strcmp(t->name, "tally") == 0)
        v->result->had_essays = -1;
    v->result->damages++;
}

static void follow_tree(struct walk *k, uint32_t n, uint16_t mark, bool indexed, int depth)
{
    struct salvage *v = k->v;
    uint8_t *page = mem_alloc(v->w.page_size);
    bool there = depth < DEEPEST && n && n <= v->w.npages && v->seen[n] != mark &&
                 wreck_page(&v->w, n, page);
    enum wreck_kind kind = there ? wreck_kind(page, n) : WRECK_NONE;
    bool right = indexed ? kind == WRECK_INDEX || kind == WRECK_INDEX_INNER
                         : kind == WRECK_TABLE || kind == WRECK_TABLE_INNER;
    if (!right) {
        broken(v, k->t);
        free(page);
        return;
    }
    size_t bad = 0;
    wreck_cell_fn *fn = !k->t ? on_nothing : k->t->derived ? on_tally : on_row;
    k->taken = k->refused = 0;
    if (kind != WRECK_TABLE_INNER)
        wreck_cells(&v->w, page, n, v->used, fn, k, &bad);
    if (bad || k->refused)
        broken(v, k->t);
    // Else it is somebody else's page, or the way to it is wrong: it is looked at again later.
    if (!k->refused)
        v->seen[n] = mark;
    if (kind == WRECK_TABLE_INNER || kind == WRECK_INDEX_INNER) {
        struct wreck_child *children;
        bool lost = false;
        size_t count = wreck_children(&v->w, page, n, &children, &lost);
        int64_t least = k->least, most = k->most;
        if (lost)
            broken(v, k->t);
        for (size_t i = 0; i < count && !v->failed; i++) {
            k->least = i ? children[i - 1].most : least;
            k->most = children[i].most < most ? children[i].most : most;
            follow_tree(k, children[i].page, mark, indexed, depth + 1);
        }
        k->least = least;
        k->most = most;
        free(children);
    }
    free(page);
}

// ---- the schema: where the trees begin ----

struct root {
    char name[64];
    uint32_t page;
    bool index;
};
struct roots {
    struct root *items;
    size_t n, cap;
};

static void on_schema(void *ctx, const struct wreck_cell *c)
{
    struct roots *r = ctx;
    struct wreck_value x[WRECK_COLUMNS];
    if (wreck_record(c->payload, c->len, x) != 5 || x[0].type != VALUE_TEXT ||
        x[1].type != VALUE_TEXT || x[2].type != VALUE_TEXT || x[3].type != VALUE_INT ||
        x[1].len >= sizeof r->items->name || x[3].i < 1 || x[3].i > UINT32_MAX)
        return;
    bool index = x[0].len == 5 && memcmp(x[0].bytes, "index", 5) == 0;
    if (!index && !(x[0].len == 5 && memcmp(x[0].bytes, "table", 5) == 0))
        return;
    struct root item = {.page = (uint32_t)x[3].i, .index = index};
    memcpy(item.name, x[1].bytes, x[1].len);
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->items[i].name, item.name) == 0)
            return; // the first is the one the tree led to
    r->items = mem_grow(r->items, &r->cap, r->n + 1, sizeof *r->items);
    r->items[r->n++] = item;
}

static void read_schema(struct salvage *v, struct roots *r, uint32_t n, int depth, bool *whole)
{
    uint8_t *page = mem_alloc(v->w.page_size);
    bool there =
        depth < DEEPEST && n <= v->w.npages && v->seen[n] != OTHER && wreck_page(&v->w, n, page);
    enum wreck_kind kind = there ? wreck_kind(page, n) : WRECK_NONE;
    size_t bad = 0;
    bool lost = false;
    if (kind == WRECK_TABLE) {
        v->seen[n] = OTHER;
        wreck_cells(&v->w, page, n, v->used, on_schema, r, &bad);
    } else if (kind == WRECK_TABLE_INNER) {
        struct wreck_child *children;
        v->seen[n] = OTHER;
        size_t count = wreck_children(&v->w, page, n, &children, &lost);
        for (size_t i = 0; i < count; i++)
            read_schema(v, r, children[i].page, depth + 1, whole);
        free(children);
    }
    if (bad || lost || (kind != WRECK_TABLE && kind != WRECK_TABLE_INNER)) {
        v->result->damages++;
        *whole = false;
    }
    free(page);
}

// Where the schema's own tree is broken its rows are known by their looks.
static void seek_schema(struct salvage *v, struct roots *r)
{
    uint8_t *page = mem_alloc(v->w.page_size);
    for (uint32_t n = 1; n <= v->w.npages; n++)
        if (v->seen[n] != OTHER && wreck_page(&v->w, n, page) &&
            wreck_kind(page, n) == WRECK_TABLE) {
            size_t before = r->n;
            wreck_cells(&v->w, page, n, NULL, on_schema, r, NULL);
            if (r->n > before)
                v->seen[n] = OTHER;
        }
    free(page);
}

static struct salvage_table *table_named(struct salvage *v, const char *name)
{
    for (size_t i = 0; i < v->ntables; i++)
        if (strcmp(v->tables[i].name, name) == 0)
            return &v->tables[i];
    return NULL;
}

static void on_sequence(void *ctx, const struct wreck_cell *c)
{
    struct walk *k = ctx;
    struct salvage *v = k->v;
    struct wreck_value x[WRECK_COLUMNS];
    k->taken++;
    if (wreck_record(c->payload, c->len, x) != 2 || x[0].type != VALUE_TEXT ||
        x[1].type != VALUE_INT)
        return;
    v->sequences =
        mem_grow(v->sequences, &v->sequences_cap, v->nsequences + 1, sizeof *v->sequences);
    v->sequences[v->nsequences++] =
        (struct salvage_sequence){mem_strndup((const char *)x[0].bytes, x[0].len), x[1].i};
}

static void read_sequences(struct salvage *v, uint32_t root)
{
    uint8_t *page = mem_alloc(v->w.page_size);
    struct walk k = {.v = v};
    if (root <= v->w.npages && wreck_page(&v->w, root, page) &&
        wreck_kind(page, root) == WRECK_TABLE)
        wreck_cells(&v->w, page, root, NULL, on_sequence, &k, NULL);
    v->seen[root <= v->w.npages ? root : 0] = OTHER;
    free(page);
}

// ---- pages that no tree led to ----

struct look {
    struct salvage *v;
    uint64_t may; // tables whose rows these can be
    bool indexed;
    size_t n;
};

static void on_look(void *ctx, const struct wreck_cell *c)
{
    struct look *k = ctx;
    struct wreck_value values[WRECK_COLUMNS];
    size_t n = wreck_record(c->payload, c->len, values);
    if (!n)
        return;
    k->n++;
    for (size_t i = 0; i < k->v->ntables; i++) {
        const struct salvage_table *t = &k->v->tables[i];
        // Pages of an index look like those of a table without rowid.
        bool may = t->broken || (k->v->knows_free && !t->indexed);
        if (!may || t->derived || t->indexed != k->indexed || !fits(t, values, n))
            k->may &= ~(UINT64_C(1) << i);
    }
}

static void on_stray(void *ctx, const struct wreck_cell *c)
{
    static const char insert[] = "INSERT INTO temp.stray(id, data) VALUES(?, ?)";
    struct salvage *v = ctx;
    struct wreck_value x[WRECK_COLUMNS];
    if (wreck_record(c->payload, c->len, x) == 2 && x[1].type == VALUE_BLOB && !v->failed)
        v->failed = !sql_do(v->out, &v->err, insert, "ib", c->rowid, x[1].bytes, x[1].len);
    v->ambiguous = true;
}

static void seek_rows(struct salvage *v)
{
    uint8_t *page = mem_alloc(v->w.page_size);
    for (uint32_t n = 1; n <= v->w.npages && !v->failed; n++) {
        if (v->seen[n] || v->used[n] || !wreck_page(&v->w, n, page))
            continue;
        enum wreck_kind kind = wreck_kind(page, n);
        if (kind == WRECK_NONE || kind == WRECK_TABLE_INNER)
            continue;
        struct look look = {.v = v, .may = UINT64_MAX, .indexed = kind != WRECK_TABLE};
        wreck_cells(&v->w, page, n, NULL, on_look, &look, NULL);
        if (v->ntables < 64)
            look.may &= (UINT64_C(1) << v->ntables) - 1;
        if (!look.n || !look.may)
            continue;
        size_t first = (size_t)__builtin_ctzll(look.may);
        struct salvage_table *t = &v->tables[first];
        if ((look.may & (look.may - 1)) == 0) {
            struct walk k = {.v = v, .t = t, .least = INT64_MIN, .most = INT64_MAX};
            wreck_cells(&v->w, page, n, NULL, on_row, &k, NULL);
        } else if (t->ncolumns == 2 && t->columns[1].type == VALUE_BLOB) {
            wreck_cells(&v->w, page, n, NULL, on_stray, v, NULL);
        }
    }
    free(page);
}

bool salvage_load(struct salvage *v, struct err *e)
{
    struct roots roots = {0};
    bool whole = true, any = false;
    v->seen = mem_array((size_t)v->w.npages + 1, sizeof *v->seen);
    v->used = mem_array((size_t)v->w.npages + 1, sizeof *v->used);
    if (!read_tables(v, e) ||
        !sql_exec(v->out, "CREATE TEMP TABLE stray(at INTEGER PRIMARY KEY, id INTEGER, data BLOB)",
                  e))
        return false;
    v->knows_free = wreck_free_pages(&v->w, v->used);
    read_schema(v, &roots, 1, 0, &whole);
    if (!whole)
        seek_schema(v, &roots);
    for (size_t i = 0; i < roots.n && !v->failed; i++) {
        const struct root *r = &roots.items[i];
        struct salvage_table *t = r->index ? NULL : table_named(v, r->name);
        struct walk k = {.v = v, .t = t, .least = INT64_MIN, .most = INT64_MAX};
        if (t)
            t->root = r->page;
        if (strcmp(r->name, "sqlite_sequence") == 0) {
            read_sequences(v, r->page);
            continue;
        }
        uint16_t mark = t ? (uint16_t)(t - v->tables + 1) : (uint16_t)(OTHER + 1 + i);
        uint8_t *page = mem_alloc(v->w.page_size);
        bool indexed = r->index || (t && t->indexed);
        // Of a table this Lectern does not know, the tree itself says which kind it is.
        if (!t && !r->index && wreck_page(&v->w, r->page, page)) {
            enum wreck_kind kind = wreck_kind(page, r->page);
            indexed = kind == WRECK_INDEX || kind == WRECK_INDEX_INNER;
        }
        free(page);
        follow_tree(&k, r->page, mark, indexed, 0);
    }
    for (size_t i = 0; i < v->ntables; i++) {
        any = any || v->tables[i].root;
        // A newer version's table is not in an older library, and nothing of it is lost.
        v->tables[i].broken = v->tables[i].broken || (!v->tables[i].root && !whole);
    }
    v->ours = any && table_named(v, "entry") && table_named(v, "entry")->root;
    if (!v->failed)
        seek_rows(v);
    free(roots.items);
    if (v->failed && e)
        *e = v->err;
    return !v->failed;
}
