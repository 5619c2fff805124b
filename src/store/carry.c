// Bookmarks that come from elsewhere, and the names under which they are known there. See carry.h.
// A uid is given by a trigger when a bookmark is made, however that is done.
#include "lectern/carry.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "store/store.h"

bool carry_uid_fits(const char *uid)
{
    size_t n = strlen(uid);
    return n > 0 && n < CARRY_UID &&
           strspn(uid, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n;
}

char *carry_key(const char *url)
{
    char *key = feed_key(url);
    size_t end = strcspn(key, "#");
    key[end] = '\0';
    while (end && key[end - 1] == '/')
        key[--end] = '\0';
    if (strncmp(key, "www.", 4) == 0)
        memmove(key, key + 4, end - 3);
    return key;
}

// ---- what is there ----

static bool read_marks(struct store *s, int64_t bookmark, struct arena *a, struct carried *out,
                       struct err *e)
{
    struct place_mark all[PLACE_MARKS];
    size_t n;
    if (!store_marks(s, bookmark, all, &n, e))
        return false;
    out->marks = arena_alloc(a, n * sizeof *out->marks);
    for (size_t i = 0; i < n; i++)
        if (all[i].letter >= 'a')
            out->marks[out->nmarks++] = all[i];
    return true;
}

bool store_carried(struct store *s, int64_t bookmark, struct arena *a, struct carried *out,
                   struct err *e)
{
    static const char query[] =
        "SELECT c.uid, c.bare, b.opened, c.page, c.seen FROM carry c JOIN bookmark b ON "
        "b.id = c.bookmark WHERE c.bookmark = ? AND b.removed = 0";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", -bookmark);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0 &&
               err_set(e, ERR_MISSING, "there is no bookmark b%lld any more", (long long)-bookmark);
    struct carried c = {.address_only = sql_col(st, 1),
                        .opened = sql_col(st, 2),
                        .page = (uint64_t)sql_col(st, 3),
                        .seen = (uint64_t)sql_col(st, 4)};
    const char *uid = (const char *)sqlite3_column_text(st, 0);
    strncpy(c.uid, uid ? uid : "", sizeof c.uid - 1);
    sql_done(st);
    if (!read_marks(s, bookmark, a, &c, e))
        return false;
    *out = c;
    return true;
}

bool store_carried_find(struct store *s, const char *uid, int64_t *id, bool *binned, struct err *e)
{
    static const char query[] = "SELECT b.id, b.removed FROM carry c JOIN bookmark b ON b.id = "
                                "c.bookmark WHERE c.uid = ?";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "t", uid);
    int got = sql_step(s, st, e);
    if (got < 0)
        return false;
    *id = got ? -sql_col(st, 0) : 0;
    *binned = got && sql_col(st, 1) > 0;
    sql_done(st);
    return true;
}

bool store_carry_bare(struct store *s, int64_t **ids, size_t *n, struct err *e)
{
    static const char query[] = "SELECT -b.id FROM carry c JOIN bookmark b ON b.id = c.bookmark "
                                "WHERE c.bare = 1 AND b.removed = 0 ORDER BY b.kept, b.id";
    sqlite3_stmt *st = sql_get(s, query, e);
    int64_t *all = NULL;
    size_t count = 0, cap = 0;
    int got = st ? 1 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        all[count++] = sql_col(st, 0);
    }
    if (got < 0) {
        free(all);
        return false;
    }
    *ids = all ? all : mem_array(0, sizeof *all);
    *n = count;
    return true;
}

bool store_addresses(struct store *s, bool (*each)(void *ctx, int64_t id, const char *url),
                     void *ctx, struct err *e)
{
    static const char bookmarks[] = "SELECT -id, url FROM bookmark WHERE removed = 0 AND url IS "
                                    "NOT NULL",
                      entries[] = "SELECT id, url FROM entry WHERE url IS NOT NULL";
    const char *const queries[] = {bookmarks, entries};
    bool ok = true, more = true;
    for (size_t i = 0; ok && more && i < 2; i++) {
        sqlite3_stmt *st = sql_get(s, queries[i], e);
        int got = st ? 1 : -1;
        while (st && more && (got = sql_step(s, st, e)) > 0)
            more = each(ctx, sql_col(st, 0), (const char *)sqlite3_column_text(st, 1));
        if (st)
            sql_done(st);
        ok = got >= 0;
    }
    return ok;
}

// ---- what comes ----

static const char *line(struct arena *a, const char *text)
{
    if (!text || !*text)
        return NULL;
    struct buf b = {0};
    utf8_clean(&b, text, strlen(text), UTF8_LINE);
    const char *out = b.len ? arena_strndup(a, b.data, b.len) : NULL;
    buf_free(&b);
    return out;
}

// The body as a record: as that of an entry.
static void record(const struct item_body *b, struct buf *out)
{
    struct feed_entry en = {.guid = b->row.url ? b->row.url : "",
                            .content = b->content,
                            .content_len = b->content_len,
                            .type = b->type,
                            .summary = b->summary,
                            .summary_type = b->summary_type,
                            .base = b->base,
                            .language = b->language,
                            .image = b->image,
                            .external_url = b->external_url,
                            .comments = b->comments,
                            .enclosures = b->enclosures,
                            .nenclosures = b->nenclosures};
    record_write(out, &en, NULL);
}

static bool put_body(struct store *s, int64_t id, const struct item_body *b, struct err *e)
{
    static const char insert[] = "INSERT OR REPLACE INTO bookmark_body VALUES(?, ?)";
    struct buf bytes = {0};
    struct packer packer = {.level = 6};
    size_t len;
    record(b, &bytes);
    void *packed = pack_compress(&packer, bytes.data, bytes.len, &len);
    packer_free(&packer);
    buf_free(&bytes);
    bool ok = sql_do(s, e, insert, "ib", id, packed, len);
    free(packed);
    return ok;
}

static const struct enclosure *audio(const struct item_body *b, int64_t *n)
{
    const struct enclosure *first = NULL;
    *n = 0;
    for (size_t i = 0; i < b->nenclosures; i++)
        if (b->enclosures[i].kind == ENCLOSURE_AUDIO && (*n)++ == 0)
            first = &b->enclosures[i];
    return first;
}

static int64_t text_hash(const struct item_body *b, const char *title)
{
    return (int64_t)hash_bytes(b->content, b->content_len, hash_string(title, 0));
}

static bool has_no_text(const struct item_body *b)
{
    return !b->content_len && !(b->summary && *b->summary);
}

static bool put_uid(struct store *s, int64_t id, const char *uid, bool bare, struct err *e)
{
    // A uid that another has: this one keeps what it was given.
    static const char set[] = "UPDATE OR IGNORE carry SET uid = ?2 WHERE bookmark = ?1",
                      mark[] = "UPDATE carry SET bare = ?2, page = 0 WHERE bookmark = ?1";
    return (!carry_uid_fits(uid) || sql_do(s, e, set, "it", id, uid)) &&
           sql_do(s, e, mark, "ii", id, (int64_t)bare);
}

static bool put_marks(struct store *s, int64_t id, const struct carried *c, struct err *e)
{
    static const char insert[] = "INSERT OR REPLACE INTO mark VALUES(?, ?, ?)";
    bool ok = true;
    for (size_t i = 0; ok && i < c->nmarks; i++)
        if (c->marks[i].letter >= 'a' && c->marks[i].letter <= 'z')
            ok = sql_do(s, e, insert, "iii", -id, (int64_t)c->marks[i].letter,
                        (int64_t)c->marks[i].off);
    return ok;
}

static bool put_row(struct store *s, const struct item_body *b, const struct carried *c,
                    struct arena *a, int64_t *id, struct err *e)
{
    static const char insert[] =
        "INSERT INTO bookmark(entry, feed, kept, started, place, progress, opened, flags, words, "
        "published, text, naudio, audio_seconds, feed_title, title, subtitle, author, url, audio)"
        " VALUES(NULL, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const struct item_row *r = &b->row;
    int64_t naudio;
    const struct enclosure *first = audio(b, &naudio);
    int64_t started = r->flags & ITEM_FINISHED ? 2 : r->flags & ITEM_STARTED ? 1 : 0;
    const char *title = line(a, r->title);
    char *url = r->url && *r->url ? utf8_clean_dup(r->url, strlen(r->url), UTF8_ADDRESS) : NULL;
    bool ok =
        sql_do(s, e, insert, "iiidiiiiiiitttttt", r->kept, started, (int64_t)r->place, r->progress,
               c->opened, (int64_t)(r->flags & (ITEM_REVISED | ITEM_PREVIEW)), (int64_t)r->words,
               r->published ? r->published : r->kept, text_hash(b, title ? title : ""), naudio,
               first ? first->seconds : (int64_t)0, line(a, r->feed_title), title ? title : "",
               line(a, r->subtitle), line(a, r->author), url, first ? first->url : NULL);
    free(url);
    *id = sqlite3_last_insert_rowid(s->db);
    return ok;
}

static bool put_tags(struct store *s, int64_t id, const char *const *tags, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && tags && tags[i]; i++)
        if (tags[i][strspn(tags[i], " \t\n")])
            ok = store_bookmark_tag(s, -id, tags[i], true, e);
    return ok;
}

bool store_carry(struct store *s, const struct item_body *b, const struct carried *c, int64_t *id,
                 struct err *e)
{
    struct arena *a = arena_new();
    int64_t made = 0;
    bool ok = sql_write_begin(s, e);
    if (ok) {
        ok = put_row(s, b, c, a, &made, e) && put_body(s, made, b, e) &&
             put_uid(s, made, c->uid, has_no_text(b), e) && put_marks(s, made, c, e) &&
             put_tags(s, made, (const char *const *)b->row.tags, e);
        ok = sql_write_end(s, ok, e);
    }
    arena_free(a);
    if (ok)
        *id = -made;
    return ok;
}

bool store_carry_text(struct store *s, int64_t bookmark, const struct item_body *b, struct err *e)
{
    static const char update[] =
        "UPDATE bookmark SET words = ?2, text = ?3, naudio = ?4, audio_seconds = ?5, audio = ?6,"
        " title = coalesce(?7, title), subtitle = coalesce(?8, subtitle),"
        " author = coalesce(?9, author), feed_title = coalesce(?10, feed_title),"
        " published = iif(?11, ?11, published), note = note WHERE id = ?1"; // tells of a change
    struct arena *a = arena_new();
    int64_t naudio;
    const struct enclosure *first = audio(b, &naudio);
    const char *title = line(a, b->row.title);
    bool ok = sql_write_begin(s, e);
    if (ok) {
        ok = sql_do(s, e, update, "iiiiittttti", -bookmark, (int64_t)b->row.words,
                    text_hash(b, title ? title : ""), naudio, first ? first->seconds : (int64_t)0,
                    first ? first->url : NULL, title, line(a, b->row.subtitle),
                    line(a, b->row.author), line(a, b->row.feed_title), b->row.published);
        ok = ok && put_body(s, -bookmark, b, e) && put_uid(s, -bookmark, "", has_no_text(b), e);
        ok = sql_write_end(s, ok, e);
    }
    arena_free(a);
    return ok;
}

bool store_carry_facts(struct store *s, int64_t bookmark, int64_t kept, const char *const *tags,
                       struct err *e)
{
    static const char when[] = "UPDATE bookmark SET kept = ?2 WHERE id = ?1 AND kept <> ?2",
                      none[] = "DELETE FROM bookmark_tag WHERE bookmark = ?1";
    bool ok = sql_write_begin(s, e);
    if (!ok)
        return false;
    ok = (!kept || sql_do(s, e, when, "ii", -bookmark, kept)) &&
         (!tags || sql_do(s, e, none, "i", -bookmark)) && put_tags(s, -bookmark, tags, e);
    return sql_write_end(s, ok, e);
}

bool store_carry_seen(struct store *s, int64_t bookmark, uint64_t page, uint64_t seen,
                      struct err *e)
{
    static const char update[] = "UPDATE carry SET page = ?2, seen = ?3 WHERE bookmark = ?1";
    bool ok = sql_write_begin(s, e);
    return ok && sql_write_end(
                     s, sql_do(s, e, update, "iii", -bookmark, (int64_t)page, (int64_t)seen), e);
}
