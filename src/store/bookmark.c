// Bookmarks: a whole essay of one's own. Nothing that happens to the feed or the entry reaches into
// one. What is thrown away lies in a bin for a while, so that undo also works tomorrow. A bookmark
// that was confirmed is on the disk: these commits wait for it, unlike those of the fetcher, which
// can be had again.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "store/store.h"

enum { BIN_DAYS = 90, LEVEL = 6 };

bool safe_begin(struct store *s, struct err *e)
{
    if (s->writable && s->writes == 0 && !sql_exec(s, "PRAGMA synchronous = FULL", e))
        return false;
    return sql_write_begin(s, e);
}

bool safe_end(struct store *s, bool ok, struct err *e)
{
    ok = sql_write_end(s, ok, e);
    if (s->writes == 0)
        sql_exec(s, "PRAGMA synchronous = NORMAL", NULL);
    return ok;
}

static bool put_body(struct store *s, int64_t id, const void *record, size_t len, struct err *e)
{
    static const char insert[] = "INSERT INTO bookmark_body VALUES(?, ?)";
    size_t packed_len;
    struct packer packer = {.level = LEVEL};
    void *packed = pack_compress(&packer, record, len, &packed_len);
    packer_free(&packer);
    bool ok = sql_do(s, e, insert, "ib", id, packed, packed_len);
    free(packed);
    return ok;
}

static bool keep_entry(struct store *s, int64_t entry, int64_t now, int64_t *id, struct err *e)
{
    static const char body[] = "SELECT pack, off, len FROM entry WHERE id = ?";
    static const char copy[] = "INSERT INTO bookmark(entry, feed, kept, started, place, progress, "
                               "opened, flags, words, published, text, naudio,"
                               " audio_seconds, feed_title, title, subtitle, author, url, audio)"
                               " SELECT e.id, e.feed, ?2, e.started, e.place, e.progress, "
                               "e.opened, e.flags, e.words, e.sort, e.text, e.naudio,"
                               " e.audio_seconds, f.name, e.title, e.subtitle, e.author, e.url, "
                               "e.audio FROM entry e JOIN feed f ON f.id = e.feed WHERE e.id = ?1";
    static const char tag[] = "INSERT INTO bookmark_tag SELECT ?2, t.tag FROM entry e JOIN "
                              "feed_tag t ON t.feed = e.feed WHERE e.id = ?1";
    static const char marks[] = "INSERT INTO mark SELECT -?2, letter, off FROM mark WHERE item = "
                                "?1 AND letter BETWEEN 97 AND 122";
    sqlite3_stmt *st = sql_get(s, body, e);
    if (!st)
        return false;
    sql_bind(st, "i", entry);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0 &&
               err_set(e, ERR_MISSING, "there is no essay %lld any more", (long long)entry);
    int64_t pack = sql_col(st, 0);
    size_t off = (size_t)sql_col(st, 1), len = (size_t)sql_col(st, 2);
    sql_done(st);
    const char *record, *page;
    size_t page_len;
    struct arena *a = arena_new();
    struct buf both = {0}; // as it is looked at: the article of its page comes last and wins
    bool there, ok = whole_record(s, entry, a, &page, &page_len, &there, e) &&
                     pack_read(s, pack, off, len, &record, e);
    if (ok) {
        buf_add(&both, record, len);
        buf_add(&both, page, page_len);
    }
    arena_free(a);
    ok = ok && sql_do(s, e, copy, "ii", entry, now);
    *id = ok ? sqlite3_last_insert_rowid(s->db) : 0;
    ok = ok && put_body(s, *id, both.data, both.len, e);
    buf_free(&both);
    return ok && sql_do(s, e, tag, "ii", entry, *id) && sql_do(s, e, marks, "ii", entry, *id);
}

static bool mark_entry(struct store *s, int64_t entry, int64_t bookmark, struct err *e)
{
    static const char mark[] = "UPDATE entry SET bookmark = ?2 WHERE id = ?1";
    return sql_do(s, e, mark, "ii", entry, bookmark);
}

bool store_bookmark_entry(struct store *s, int64_t entry, int64_t now, int64_t *id, bool *existed,
                          struct err *e)
{
    static const char live[] =
        "SELECT id FROM bookmark WHERE entry = ? AND entry IS NOT NULL AND removed = 0";
    static const char self[] = "SELECT id FROM bookmark WHERE id = ? AND removed = 0";
    static const char binned[] =
        "SELECT b.id FROM bookmark b JOIN entry e ON e.id = b.entry AND e.text = b.text"
        " WHERE b.entry = ? AND b.entry IS NOT NULL AND b.removed > 0 ORDER BY b.removed DESC "
        "LIMIT 1";
    static const char restore[] = "UPDATE bookmark SET removed = 0, kept = ?2 WHERE id = ?1";
    int64_t there = 0, made = 0;
    if (!safe_begin(s, e))
        return false;
    bool ok = pending_write(s, e) &&
              sql_int(s, e, 0, &there, entry > 0 ? live : self, "i", entry > 0 ? entry : -entry);
    if (ok && !there && entry < 0)
        ok = err_set(e, ERR_MISSING, "there is no bookmark b%lld any more", (long long)-entry);
    if (ok && !there) {
        ok = sql_int(s, e, 0, &made, binned, "i", entry);
        if (ok)
            ok =
                made ? sql_do(s, e, restore, "ii", made, now) : keep_entry(s, entry, now, &made, e);
        ok = ok && mark_entry(s, entry, made, e) && highlights_share(s, made, e);
    }
    if (!safe_end(s, ok, e))
        return false;
    pending_written(s);
    *id = -(there ? there : made);
    if (existed)
        *existed = there != 0;
    return true;
}

static char *clean(const char *text, enum utf8_mode mode)
{
    return text ? utf8_clean_dup(text, strlen(text), mode) : NULL;
}

bool store_bookmark_snapshot(struct store *s, const struct snapshot *sn, int64_t now, int64_t *id,
                             struct err *e)
{
    static const char insert[] =
        "INSERT INTO bookmark(entry, feed, kept, flags, words, published, text, naudio, "
        "audio_seconds, feed_title, title,"
        " subtitle, author, url, audio) VALUES(NULL, 0, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    struct feed_entry en = {.guid = sn->url ? sn->url : "",
                            .content = sn->content,
                            .content_len = sn->content_len,
                            .type = sn->type};
    en.base = sn->base;
    en.language = sn->language;
    en.enclosures = (struct enclosure *)sn->enclosures; // only read
    en.nenclosures = sn->nenclosures;
    struct buf record = {0};
    record_write(&record, &en, NULL);
    const struct enclosure *audio = NULL;
    int64_t naudio = 0;
    for (size_t i = 0; i < sn->nenclosures; i++)
        if (sn->enclosures[i].kind == ENCLOSURE_AUDIO && naudio++ == 0)
            audio = &sn->enclosures[i];
    char *title = clean(sn->title, UTF8_LINE), *subtitle = clean(sn->subtitle, UTF8_LINE),
         *author = clean(sn->author, UTF8_LINE), *feed = clean(sn->feed_title, UTF8_LINE),
         *url = clean(sn->url, UTF8_ADDRESS);
    uint64_t text = hash_bytes(sn->content, sn->content_len, hash_string(title, 0));
    int64_t made = 0;
    bool ok = safe_begin(s, e);
    if (ok) {
        ok = sql_do(s, e, insert, "iiiiiitttttt", now, (int64_t)sn->words,
                    sn->published ? sn->published : now, (int64_t)text, naudio,
                    audio ? audio->seconds : (int64_t)0, feed, title ? title : "", subtitle, author,
                    url, audio ? audio->url : NULL);
        made = sqlite3_last_insert_rowid(s->db);
        ok = ok && put_body(s, made, record.data, record.len, e);
        ok = safe_end(s, ok, e);
    }
    buf_free(&record);
    free(title);
    free(subtitle);
    free(author);
    free(feed);
    free(url);
    if (ok)
        *id = -made;
    return ok;
}

static bool empty_bin(struct store *s, int64_t before, struct err *e)
{
    static const char body[] = "DELETE FROM bookmark_body WHERE bookmark IN (SELECT id FROM "
                               "bookmark WHERE removed > 0 AND removed < ?)",
                      tags[] = "DELETE FROM bookmark_tag WHERE bookmark IN (SELECT id FROM "
                               "bookmark WHERE removed > 0 AND removed < ?)",
                      places[] = "DELETE FROM highlight_at WHERE item IN (SELECT -id FROM "
                                 "bookmark WHERE removed > 0 AND removed < ?)",
                      row[] = "DELETE FROM bookmark WHERE removed > 0 AND removed < ?";
    return sql_do(s, e, body, "i", before) && sql_do(s, e, tags, "i", before) &&
           sql_do(s, e, places, "i", before) && sql_do(s, e, row, "i", before);
}

bool store_bookmark_remove(struct store *s, int64_t id, struct err *e)
{
    static const char remove[] = "UPDATE bookmark SET removed = ?2 WHERE id = ?1 AND removed = 0";
    static const char unmark[] = "UPDATE entry SET bookmark = 0 WHERE id = (SELECT entry FROM "
                                 "bookmark WHERE id = ?1) AND bookmark = ?1";
    int64_t now = (int64_t)time(NULL);
    if (!safe_begin(s, e))
        return false;
    bool ok = pending_write(s, e) && sql_do(s, e, remove, "ii", -id, now);
    if (ok && sqlite3_changes(s->db) == 0)
        ok = err_set(e, ERR_MISSING,
                     "there is no bookmark b%lld; `lectern bookmarks` shows what there is",
                     (long long)-id);
    ok = ok && sql_do(s, e, unmark, "i", -id) &&
         empty_bin(s, now - (int64_t)BIN_DAYS * 24 * 3600, e);
    if (!safe_end(s, ok, e))
        return false;
    pending_written(s);
    return true;
}

bool store_bookmark_restore(struct store *s, int64_t id, struct err *e)
{
    // Where the entry was kept anew meanwhile, this one stands for itself.
    static const char restore[] = "UPDATE bookmark SET removed = 0, entry = iif(EXISTS(SELECT 1 "
                                  "FROM bookmark o WHERE o.entry ="
                                  " bookmark.entry AND o.entry IS NOT NULL AND o.removed = 0), "
                                  "NULL, entry) WHERE id = ? AND removed > 0";
    static const char there[] =
        "SELECT coalesce(entry, 0) FROM bookmark WHERE id = ? AND removed = 0";
    int64_t entry = -1;
    if (!safe_begin(s, e))
        return false;
    bool ok = sql_do(s, e, restore, "i", -id) && sql_int(s, e, -1, &entry, there, "i", -id);
    if (ok && entry < 0)
        ok = err_set(e, ERR_MISSING, "the bookmark b%lld is not in the bin any more",
                     (long long)-id);
    if (ok && entry > 0)
        ok = mark_entry(s, entry, -id, e) && highlights_share(s, -id, e);
    return safe_end(s, ok, e);
}

bool store_bookmark_tag(struct store *s, int64_t id, const char *tag, bool on, struct err *e)
{
    static const char insert[] =
        "INSERT OR IGNORE INTO bookmark_tag SELECT id, ?2 FROM bookmark WHERE id = ?1";
    static const char remove[] = "DELETE FROM bookmark_tag WHERE bookmark = ? AND tag = ?";
    char *text = NULL;
    if (!tag_clean(tag, &text, e))
        return false;
    bool ok = safe_begin(s, e);
    if (ok)
        ok = safe_end(s, sql_do(s, e, on ? insert : remove, "it", -id, text), e);
    free(text);
    return ok;
}

bool bookmark_bin_empty(struct store *s, int64_t before, struct err *e)
{
    bool ok = safe_begin(s, e);
    return ok && safe_end(s, empty_bin(s, before, e), e);
}
