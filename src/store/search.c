// Keeping the index of words in step with the library. The number a text is indexed under is its
// item's, with a version above it, so that the number says whose it is without a look into a table;
// `find_again` has the versions that are not the first. What waits: what comes after the last that
// was taken, and what triggers wrote down because it was reworded since (schema.c).
#include "lectern/search.h"

#include <stdlib.h>
#include <string.h>

#include "store/search_doc.h"
#include "store/store.h"

enum { DEAD_ALLOWED = 5000 };

bool search_state_read(struct store *s, struct search_state *out, struct err *e)
{
    static const char query[] = "SELECT entry, bookmark, docs, rules FROM find_state WHERE one = 1";
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? sql_step(s, st, e) : -1;
    if (got < 0)
        return false;
    *out = (struct search_state){0};
    if (got > 0) {
        *out =
            (struct search_state){sql_col(st, 0), sql_col(st, 1), sql_col(st, 2), sql_col(st, 3)};
        sql_done(st);
    }
    if (out->rules != TOKEN_RULES) // of another Lectern, with other words
        *out = (struct search_state){.rules = out->rules};
    return true;
}

// What an entry says, as a number: the hash of what the feed sent, with the article of its page
// that may stand in its place. (SQLite has no exclusive or, and a sum may be too great.)
#define PAGE "coalesce((SELECT p.fetched * 2 + p.shown FROM page p WHERE p.entry = e.id), 0)"
#define STAMP "((e.text | " PAGE ") - (e.text & " PAGE "))"

bool search_reworded(struct store *s, int64_t entry, struct err *e)
{
    static const char again[] = "INSERT OR IGNORE INTO find_todo SELECT id FROM entry WHERE id = "
                                "?1 AND id <= (SELECT entry FROM find_state)";
    return sql_do(s, e, again, "i", entry);
}

// ---- what waits ----

static bool take(struct store *s, const char *query, int64_t after, size_t most, int side,
                 struct search_item *out, size_t *n, struct err *e)
{
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    int got = 0;
    sql_bind(st, "ii", after, (int64_t)(most - *n));
    while (*n < most && (got = sql_step(s, st, e)) > 0) {
        out[*n].item = side * sql_col(st, 0);
        out[(*n)++].stamp = (uint64_t)sql_col(st, 1);
    }
    sql_done(st);
    return got >= 0;
}

bool search_waiting(struct store *s, struct search_item *out, size_t most, size_t *n, struct err *e)
{
    static const char reworded[] =
        "SELECT t.item, coalesce(" STAMP ", b.text) FROM find_todo t LEFT JOIN entry e ON e.id = "
        "t.item LEFT JOIN bookmark b ON b.id = -t.item AND b.removed = 0"
        " WHERE t.item > ?1 AND (e.id IS NOT NULL OR b.id IS NOT NULL) LIMIT ?2";
    static const char bookmarks[] =
        "SELECT id, text FROM bookmark WHERE id > ?1 ORDER BY id LIMIT ?2";
    static const char entries[] =
        "SELECT e.id, " STAMP " FROM entry e WHERE e.id > ?1 ORDER BY e.id LIMIT ?2";
    struct search_state state;
    *n = 0;
    if (!sql_read_begin(s, e))
        return false;
    bool ok =
        search_state_read(s, &state, e) &&
        take(s, reworded, state.rules == TOKEN_RULES ? INT64_MIN : INT64_MAX, most, 1, out, n, e) &&
        take(s, bookmarks, state.bookmark, most, -1, out, n, e) &&
        take(s, entries, state.entry, most, 1, out, n, e);
    sql_read_end(s);
    return ok;
}

bool search_progress(struct store *s, int64_t *left, int64_t *of, struct err *e)
{
    static const char last[] = "SELECT (SELECT entry FROM counter WHERE one = 1) +"
                               " (SELECT count(*) FROM find_todo)";
    static const char marks[] = "SELECT coalesce(max(id), 0) FROM bookmark";
    static const char any[] = "SELECT EXISTS(SELECT 1 FROM entry WHERE id > ?1) OR"
                              " EXISTS(SELECT 1 FROM bookmark WHERE id > ?2) OR"
                              " EXISTS(SELECT 1 FROM find_todo t JOIN entry e ON e.id = t.item) OR"
                              " EXISTS(SELECT 1 FROM find_todo t JOIN bookmark b ON b.id = -t.item "
                              "AND b.removed = 0)";
    struct search_state state;
    int64_t entries = 0, bookmarks = 0, waits = 0;
    if (!sql_read_begin(s, e))
        return false;
    bool ok = search_state_read(s, &state, e) && sql_int(s, e, 0, &entries, last, "") &&
              sql_int(s, e, 0, &bookmarks, marks, "") &&
              sql_int(s, e, 0, &waits, any, "ii", state.entry, state.bookmark);
    sql_read_end(s);
    *of = entries + bookmarks;
    *left = waits ? *of - state.entry - state.bookmark : 0;
    return ok;
}

bool search_stamp(struct store *s, struct search_stamp *out, struct err *e)
{
    static const char index[] = "SELECT entry + bookmark + docs FROM find_state WHERE one = 1";
    static const char counts[] =
        "SELECT (SELECT entry FROM counter), sum(total), sum(unread), sum(started), sum(audio),"
        " (SELECT kept FROM bookmark_tally), (SELECT max(last_tried) FROM fetch),"
        " (SELECT count(*) FROM search) FROM tally";
    sqlite3_stmt *st = sql_get(s, counts, e);
    int got = st ? sql_step(s, st, e) : -1;
    if (got <= 0)
        return false;
    uint64_t rest = 0;
    for (int i = 0; i < sqlite3_column_count(st); i++) {
        int64_t n = sql_col(st, i);
        rest = hash_bytes(&n, sizeof n, rest);
    }
    sql_done(st);
    out->rest = (int64_t)rest;
    return sql_int(s, e, 0, &out->index, index, "");
}

// ---- putting in ----

static int by_doc(const void *x, const void *y)
{
    const struct search_doc *a = x, *b = y;
    int64_t i = a->of.item, k = b->of.item;
    if ((i < 0) != (k < 0)) // bookmarks have the greater numbers
        return i < 0 ? 1 : -1;
    i = i < 0 ? -i : i;
    k = k < 0 ? -k : k;
    return i < k ? -1 : i > k;
}

static bool insert(struct store *s, const struct search_doc *d, int64_t doc, struct err *e)
{
    static const char put[] =
        "INSERT INTO find(rowid, text, title, subtitle, author) VALUES(?, ?, ?, ?, ?)";
    const char *const *c = d->column;
    return sql_do(s, e, put, "itttt", doc, c[SEARCH_TEXT], c[SEARCH_TITLE], c[SEARCH_SUBTITLE],
                  c[SEARCH_AUTHOR]);
}

// An entry or bookmark that comes after the last one, as it is now.
static bool put_new(struct store *s, const struct search_doc *d, struct search_state *state,
                    bool *stop, struct err *e)
{
    static const char entry[] = "SELECT " STAMP " FROM entry e WHERE e.id = ?";
    int64_t item = d->of.item, *last = item > 0 ? &state->entry : &state->bookmark, now = 0;
    int64_t id = item > 0 ? item : -item;
    if (id <= *last)
        return true;
    if (item > 0 && !sql_int(s, e, (int64_t)~d->of.stamp, &now, entry, "i", id))
        return false;
    if (item > 0 && (uint64_t)now != d->of.stamp) { // reworded or gone since it was read
        *stop = true;
        return true;
    }
    *last = id;
    state->docs++;
    return insert(s, d, search_doc_of(item, 0), e);
}

static bool put_again(struct store *s, const struct search_doc *d, struct search_state *state,
                      struct err *e)
{
    static const char waits[] =
        "SELECT t.item FROM find_todo t LEFT JOIN entry e ON e.id = t.item LEFT JOIN bookmark b ON "
        "b.id = -t.item AND b.removed = 0 WHERE t.item = ?1 AND coalesce(" STAMP ", b.text) = ?2";
    static const char next[] = "INSERT INTO find_again VALUES(?1, 1) ON CONFLICT DO UPDATE SET "
                               "version = version + 1";
    static const char version[] = "SELECT version FROM find_again WHERE item = ?";
    static const char done[] = "DELETE FROM find_todo WHERE item = ?";
    int64_t there = 0, v = 0;
    if (!sql_int(s, e, 0, &there, waits, "ii", d->of.item, (int64_t)d->of.stamp))
        return false;
    if (!there)
        return true;
    state->docs++;
    return sql_do(s, e, next, "i", there) && sql_int(s, e, 0, &v, version, "i", there) &&
           insert(s, d, search_doc_of(there, v), e) && sql_do(s, e, done, "i", there);
}

static bool was_there(const struct search_state *state, int64_t item)
{
    return item > 0 ? item <= state->entry : -item <= state->bookmark;
}

// Reworded ones come last: numbers within a transaction had better grow.
static bool put_all(struct store *s, struct search_doc *docs, size_t n, struct err *e)
{
    static const char save[] =
        "UPDATE find_state SET entry = ?1, bookmark = ?2, docs = ?3 WHERE one = 1";
    static const char gone[] =
        "DELETE FROM find_todo WHERE item > 0 AND NOT EXISTS(SELECT 1 FROM entry e WHERE e.id = "
        "find_todo.item)";
    struct search_state state;
    if (!search_state_read(s, &state, e))
        return false;
    struct search_state before = state;
    bool ok = true, stop[2] = {false, false}, again = false;
    for (size_t i = 0; ok && i < n; i++) {
        bool bookmark = docs[i].of.item < 0;
        if (was_there(&before, docs[i].of.item))
            again = true;
        else if (!stop[bookmark])
            ok = put_new(s, &docs[i], &state, &stop[bookmark], e);
    }
    for (size_t i = 0; ok && again && i < n; i++)
        if (was_there(&before, docs[i].of.item))
            ok = put_again(s, &docs[i], &state, e);
    if (ok && again)
        ok = sql_do(s, e, gone, "");
    return ok && sql_do(s, e, save, "iii", state.entry, state.bookmark, state.docs);
}

// Other rules for words, or mostly texts that are gone: begun anew.
static bool make_anew(struct store *s, struct err *e)
{
    static const char empty[] = "INSERT INTO find(find) VALUES('delete-all')";
    static const char todo[] = "DELETE FROM find_todo", again[] = "DELETE FROM find_again";
    static const char zero[] =
        "UPDATE find_state SET entry = 0, bookmark = 0, docs = 0, rules = ? WHERE one = 1";
    return sql_do(s, e, empty, "") && sql_do(s, e, todo, "") && sql_do(s, e, again, "") &&
           sql_do(s, e, zero, "i", (int64_t)TOKEN_RULES);
}

static bool worn_out(struct store *s, bool *out, struct err *e)
{
    static const char live[] = "SELECT coalesce(sum(total), 0) + (SELECT kept FROM bookmark_tally)"
                               " FROM tally";
    struct search_state state;
    int64_t n = 0;
    if (!search_state_read(s, &state, e) || !sql_int(s, e, 0, &n, live, ""))
        return false;
    *out = state.rules != TOKEN_RULES || state.docs > 3 * n + DEAD_ALLOWED;
    return true;
}

bool search_put(struct store *s, struct search_doc *docs, size_t n, struct err *e)
{
    bool anew;
    if (n)
        qsort(docs, n, sizeof *docs, by_doc);
    if (!sql_write_begin(s, e))
        return false;
    bool ok = worn_out(s, &anew, e) && (!anew || make_anew(s, e)) && put_all(s, docs, n, e);
    return sql_write_end(s, ok, e);
}

bool search_reset(struct store *s, struct err *e)
{
    return sql_write_begin(s, e) && sql_write_end(s, make_anew(s, e), e);
}

bool search_check(struct store *s, struct err *e)
{
    static const char sound[] = "INSERT INTO find(find) VALUES('integrity-check')";
    static const char count[] = "SELECT count(*) FROM find_docsize";
    static const char missing[] =
        "SELECT e.id FROM entry e LEFT JOIN find_again a ON a.item = e.id"
        " LEFT JOIN find_docsize d ON d.id = e.id + (coalesce(a.version, 0) << 42)"
        " WHERE e.id <= (SELECT entry FROM find_state) AND d.id IS NULL AND"
        " NOT EXISTS(SELECT 1 FROM find_todo t WHERE t.item = e.id) LIMIT 1";
    struct search_state state;
    int64_t docs = 0, lost = 0;
    if (!sql_write_begin(s, e))
        return false;
    bool ok = sql_do(s, e, sound, "");
    if (!ok)
        err_wrap(e, "the index of words");
    ok = ok && search_state_read(s, &state, e) && sql_int(s, e, 0, &docs, count, "") &&
         sql_int(s, e, 0, &lost, missing, "");
    if (ok && docs != state.docs)
        ok = err_set(e, ERR_FORMAT, "the index of words has %lld texts and says %lld",
                     (long long)docs, (long long)state.docs);
    if (ok && lost)
        ok = err_set(e, ERR_FORMAT, "essay %lld is missing in the index of words", (long long)lost);
    return sql_write_end(s, ok, e);
}
