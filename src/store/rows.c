// Rows for lists, by id: what is on the screen is asked for, and nothing else. And one essay whole.
#include <stdlib.h>
#include <string.h>

#include "lectern/search.h"
#include "lectern/whole.h"
#include "store/store.h"

static const char *no_tags[] = {NULL};

#define ENTRY_ROW                                                                                 \
    "SELECT e.feed, f.name, e.title, e.subtitle, e.author, e.url, e.sort, e.words, e.flags, "     \
    "e.place, e.progress,"                                                                        \
    " e.audio, e.audio_seconds, e.started, e.unread, e.naudio, e.bookmark, e.pack, e.off, e.len," \
    " (SELECT b.note FROM bookmark b WHERE b.id = e.bookmark)"                                    \
    " FROM entry e JOIN feed f ON f.id = e.feed WHERE e.id = ?"
#define BOOKMARK_ROW                                                                            \
    "SELECT b.feed, b.feed_title, b.title, b.subtitle, b.author, b.url, b.published, b.words, " \
    "b.flags, b.place,"                                                                         \
    " b.progress, b.audio, b.audio_seconds, b.started, coalesce(e.unread, 0), b.naudio, b.id, " \
    "coalesce(b.entry, 0), b.kept, b.note"                                                      \
    " FROM bookmark b LEFT JOIN entry e ON e.id = b.entry WHERE b.id = ? AND b.removed = 0"

static void set_started(struct item_row *r, int started)
{
    r->flags &= ~(unsigned)(ITEM_STARTED | ITEM_FINISHED);
    r->flags |= started == 1 ? ITEM_STARTED : started == 2 ? ITEM_FINISHED : 0;
}

static void look_through_pending(const struct store *s, struct item_row *r)
{
    const struct pending *p = pending_find(s, r->entry);
    if (p && p->has_read)
        r->flags = (r->flags & ~(unsigned)ITEM_UNREAD) | (p->read ? 0 : ITEM_UNREAD);
    p = pending_find(s, r->id);
    if (p && p->has_place) {
        r->place = p->place;
        r->progress = p->progress;
        set_started(r, pending_started(p->place, p->progress));
    }
    p = pending_find(s, r->bookmark);
    if (p && p->has_note)
        r->flags = (r->flags & ~(unsigned)ITEM_NOTED) | (p->note ? ITEM_NOTED : 0);
}

static bool read_bookmark_tags(struct store *s, int64_t bookmark, struct arena *a,
                               const char ***out, struct err *e)
{
    static const char query[] = "SELECT tag FROM bookmark_tag WHERE bookmark = ? ORDER BY tag";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", bookmark);
    const char **tags = NULL;
    size_t n = 0, cap = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        tags = mem_grow(tags, &cap, n + 1, sizeof *tags);
        tags[n++] = sql_text(st, 0, a);
    }
    if (got == 0 && n) {
        *out = arena_alloc(a, (n + 1) * sizeof **out);
        memcpy(*out, tags, n * sizeof *tags);
    }
    free(tags);
    return got == 0;
}

// Where a body lies, beside the row; and the note of its bookmark.
struct body_at {
    int64_t pack;
    size_t off, len;
    const char *note;
};

static const char *read_note(const struct store *s, const struct item_row *r, sqlite3_stmt *st,
                             int column, struct arena *a)
{
    const struct pending *p = r->bookmark ? pending_find(s, r->bookmark) : NULL;
    if (p && p->has_note)
        return arena_strdup(a, p->note);
    return sql_text(st, column, a);
}

static bool read_row(struct store *s, int64_t id, struct arena *a, struct item_row *r,
                     struct body_at *at, struct err *e)
{
    static const char entry[] = ENTRY_ROW, bookmark[] = BOOKMARK_ROW;
    *r = (struct item_row){.title = "", .tags = no_tags};
    sqlite3_stmt *st = sql_get(s, id > 0 ? entry : bookmark, e);
    if (!st)
        return false;
    sql_bind(st, "i", id > 0 ? id : -id);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0;
    r->id = id;
    r->feed_id = sql_col(st, 0);
    r->feed_title = sql_text(st, 1, a);
    r->title = sql_text(st, 2, a);
    r->subtitle = sql_text(st, 3, a);
    r->author = sql_text(st, 4, a);
    r->url = sql_text(st, 5, a);
    r->published = sql_col(st, 6);
    r->words = (uint32_t)sql_col(st, 7);
    r->flags = (unsigned)sql_col(st, 8) & (ITEM_REVISED | ITEM_PREVIEW | ITEM_OLDER);
    r->place = (uint32_t)sql_col(st, 9);
    r->progress = sqlite3_column_double(st, 10);
    r->audio = sql_text(st, 11, a);
    r->audio_seconds = sql_col(st, 12);
    set_started(r, (int)sql_col(st, 13));
    r->flags |= sql_col(st, 14) ? ITEM_UNREAD : 0;
    r->naudio = (int)sql_col(st, 15);
    r->flags |= r->naudio ? ITEM_AUDIO : 0;
    r->bookmark = -sql_col(st, 16);
    r->flags |= r->bookmark ? ITEM_BOOKMARKED : 0;
    r->entry = id > 0 ? id : sql_col(st, 17);
    if (id < 0)
        r->kept = sql_col(st, 18);
    else if (at)
        *at = (struct body_at){sql_col(st, 17), (size_t)sql_col(st, 18), (size_t)sql_col(st, 19),
                               NULL};
    int note = id > 0 ? 20 : 19;
    r->flags |= sqlite3_column_type(st, note) != SQLITE_NULL ? ITEM_NOTED : 0;
    if (at)
        at->note = read_note(s, r, st, note, a);
    sql_done(st);
    if (s->npending)
        look_through_pending(s, r);
    if (highlights_any(s, id))
        r->flags |= ITEM_HIGHLIGHTED;
    return id > 0 || read_bookmark_tags(s, -id, a, &r->tags, e);
}

bool search_facts(struct store *s, int64_t item, struct item_row *r, struct err *e)
{
    static const char entry[] = "SELECT feed, sort, words, flags, started, unread, naudio, bookmark"
                                " FROM entry WHERE id = ?";
    static const char bookmark[] =
        "SELECT b.feed, b.published, b.words, b.flags, b.started, coalesce(e.unread, 0), b.naudio,"
        " b.id, coalesce(b.entry, 0) FROM bookmark b LEFT JOIN entry e ON e.id = b.entry"
        " WHERE b.id = ? AND b.removed = 0";
    *r = (struct item_row){.title = "", .tags = no_tags};
    sqlite3_stmt *st = sql_get(s, item > 0 ? entry : bookmark, e);
    if (!st)
        return false;
    sql_bind(st, "i", item > 0 ? item : -item);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0;
    r->id = item;
    r->feed_id = sql_col(st, 0);
    r->published = sql_col(st, 1);
    r->words = (uint32_t)sql_col(st, 2);
    r->flags = (unsigned)sql_col(st, 3) & (ITEM_REVISED | ITEM_PREVIEW);
    set_started(r, (int)sql_col(st, 4));
    r->flags |= (sql_col(st, 5) ? ITEM_UNREAD : 0) | (sql_col(st, 6) ? ITEM_AUDIO : 0);
    r->bookmark = -sql_col(st, 7);
    r->flags |= r->bookmark ? ITEM_BOOKMARKED : 0;
    r->entry = item > 0 ? item : sql_col(st, 8);
    sql_done(st);
    if (s->npending)
        look_through_pending(s, r);
    return true;
}

bool store_rows(struct store *s, const int64_t *ids, size_t n, struct arena *a,
                struct item_row *rows, struct err *e)
{
    if (!sql_read_begin(s, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = read_row(s, ids[i], a, &rows[i], NULL, e);
    sql_read_end(s);
    return ok;
}

// An entry's, with the article of its page behind it where that is looked at.
static bool read_entry_body(struct store *s, int64_t id, const struct body_at *at, bool sent,
                            struct arena *a, struct item_body *out, struct err *e)
{
    const char *bytes, *page;
    size_t len;
    if (!whole_record(s, id, a, &page, &len, &out->has_whole, e) ||
        !pack_read(s, at->pack, at->off, at->len, &bytes, e))
        return false;
    if (sent || !page)
        return record_read(bytes, at->len, a, out, e);
    struct buf both = {0};
    buf_add(&both, bytes, at->len);
    buf_add(&both, page, len);
    bool ok = record_read(both.data, both.len, a, out, e);
    buf_free(&both);
    out->whole = true;
    return ok;
}

static bool read_body(struct store *s, int64_t id, const struct body_at *at, bool sent,
                      struct arena *a, struct item_body *out, struct err *e)
{
    static const char query[] = "SELECT data FROM bookmark_body WHERE bookmark = ?";
    const char *bytes;
    size_t len;
    if (id > 0)
        return read_entry_body(s, id, at, sent, a, out, e);
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", -id);
    int got = sql_step(s, st, e);
    if (got < 0)
        return false;
    bool ok = pack_expand(s, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0), a,
                          &bytes, &len, e) &&
              record_read(bytes, len, a, out, e);
    sql_done(st);
    return ok;
}

static bool read_item(struct store *s, int64_t id, bool sent, struct arena *a,
                      struct item_body *out, struct err *e)
{
    struct item_body item = {0};
    struct body_at at = {0};
    if (!sql_read_begin(s, e))
        return false;
    bool ok = read_row(s, id, a, &item.row, &at, e);
    if (ok && !item.row.id)
        ok = err_set(e, ERR_MISSING,
                     id > 0 ? "there is no essay %lld; `lectern list` shows what there is"
                            : "there is no bookmark b%lld; `lectern bookmarks` shows what there is",
                     (long long)(id > 0 ? id : -id));
    ok = ok && read_body(s, id, &at, sent, a, &item, e) && narration_join(s, a, &item, e);
    sql_read_end(s);
    item.note = at.note;
    if (ok)
        *out = item;
    return ok;
}

bool store_item(struct store *s, int64_t id, struct arena *a, struct item_body *out, struct err *e)
{
    return read_item(s, id, false, a, out, e);
}

bool store_item_sent(struct store *s, int64_t id, struct arena *a, struct item_body *out,
                     struct err *e)
{
    return read_item(s, id, true, a, out, e);
}

bool store_note(struct store *s, int64_t id, struct arena *a, const char **note, struct err *e)
{
    struct item_row row;
    struct body_at at = {0};
    if (!read_row(s, id, a, &row, &at, e))
        return false;
    *note = at.note;
    return true;
}

bool store_revisions(struct store *s, int64_t entry, struct arena *a, struct revision_row **out,
                     size_t *n, struct err *e)
{
    static const char query[] =
        "SELECT id, replaced, words, title FROM revision WHERE entry = ? ORDER BY id DESC";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", entry);
    struct revision_row *rows = NULL;
    size_t count = 0, cap = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        rows = mem_grow(rows, &cap, count + 1, sizeof *rows);
        rows[count++] = (struct revision_row){sql_col(st, 0), sql_col(st, 1),
                                              (uint32_t)sql_col(st, 2), sql_text(st, 3, a)};
    }
    if (got == 0) {
        *out = arena_alloc(a, count * sizeof **out);
        if (count)
            memcpy(*out, rows, count * sizeof *rows);
        *n = count;
    }
    free(rows);
    return got == 0;
}

bool store_revision(struct store *s, int64_t revision, struct arena *a, struct item_body *out,
                    struct err *e)
{
    static const char query[] =
        "SELECT entry, title, subtitle, author, words, pack, off, len FROM revision WHERE id = ?";
    if (!sql_read_begin(s, e))
        return false;
    struct item_body item = {0};
    struct body_at at = {0};
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = -1;
    if (st) {
        sql_bind(st, "i", revision);
        got = sql_step(s, st, e);
    }
    bool ok = got > 0;
    if (got == 0)
        err_set(e, ERR_MISSING, "this older text is not kept any more");
    if (ok) {
        int64_t entry = sql_col(st, 0);
        const char *title = sql_text(st, 1, a), *subtitle = sql_text(st, 2, a),
                   *author = sql_text(st, 3, a);
        uint32_t words = (uint32_t)sql_col(st, 4);
        at = (struct body_at){sql_col(st, 5), (size_t)sql_col(st, 6), (size_t)sql_col(st, 7), NULL};
        sql_done(st);
        ok = read_row(s, entry, a, &item.row, NULL, e) &&
             read_body(s, entry, &at, true, a, &item, e);
        item.row.title = title;
        item.row.subtitle = subtitle;
        item.row.author = author;
        item.row.words = words;
    }
    sql_read_end(s);
    if (ok)
        *out = item;
    return ok;
}

bool store_parse_id(const char *text, int64_t *id)
{
    bool bookmark = text[0] == 'b' || text[0] == 'B';
    const char *digits = text + bookmark;
    size_t n = strspn(digits, "0123456789");
    if (n == 0 || n > 18 || digits[n])
        return false;
    int64_t v = strtoll(digits, NULL, 10);
    if (v == 0)
        return false;
    *id = bookmark ? -v : v;
    return true;
}

bool store_get(struct store *s, const char *key, struct arena *a, const char **value, struct err *e)
{
    static const char query[] = "SELECT value FROM value WHERE key = ?";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "t", key);
    int got = sql_step(s, st, e);
    if (got < 0)
        return false;
    *value = got ? sql_text(st, 0, a) : NULL;
    sql_done(st);
    return true;
}

bool store_put(struct store *s, const char *key, const char *value, struct err *e)
{
    static const char put[] =
        "INSERT INTO value VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
                      drop[] = "DELETE FROM value WHERE key = ?";
    if (!sql_write_begin(s, e))
        return false;
    bool ok = value ? sql_do(s, e, put, "tt", key, value) : sql_do(s, e, drop, "t", key);
    return sql_write_end(s, ok, e);
}
