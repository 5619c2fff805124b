// Writing what a fetch brought. One feed is a savepoint of its own: if it cannot be written, the
// others of the batch are not lost with it. Entries go in last first, so that of two with the same
// date the feed's first is the newer one.
#include <stdlib.h>
#include <time.h>

#include "store/store.h"

enum { REVISIONS_KEPT = 10 }; // of one essay

static bool remember_try(struct store *s, int64_t feed, const struct fetch_outcome *o,
                         struct err *e)
{
    static const char good[] = "UPDATE fetch SET last_tried = ?2, last_good = ?2, next_due = ?3, "
                               "failures = 0, parked = ?4, http_status = ?5,"
                               " bytes = ?6, body_hash = iif(?7, ?7, body_hash), etag = ?8, "
                               "last_modified = ?9, moved_to = ?10, error = NULL WHERE feed = ?1";
    static const char same[] = "UPDATE fetch SET last_tried = ?2, last_good = ?2, next_due = ?3, "
                               "failures = 0, parked = ?4, http_status = ?5,"
                               " bytes = iif(?6, ?6, bytes), body_hash = iif(?7, ?7, body_hash), "
                               "etag = coalesce(?8, etag),"
                               " last_modified = coalesce(?9, last_modified), moved_to = ?10, "
                               "error = NULL WHERE feed = ?1";
    static const char bad[] = "UPDATE fetch SET last_tried = ?2, next_due = ?3, failures = "
                              "failures + 1, parked = ?4, http_status = ?5, error = ?6"
                              " WHERE feed = ?1";
    if (o->error)
        return sql_do(s, e, bad, "iiiiit", feed, o->when, o->next_due, (int64_t)o->parked,
                      (int64_t)o->http_status, o->error);
    return sql_do(s, e, o->not_modified ? same : good, "iiiiiiittt", feed, o->when, o->next_due,
                  (int64_t)o->parked, (int64_t)o->http_status, o->bytes, (int64_t)o->body_hash,
                  o->etag, o->last_modified, o->moved_to);
}

static bool describe(struct store *s, int64_t feed, const struct prepared *p, struct err *e)
{
    static const char update[] = "UPDATE feed SET title = ?2, home = ?3, subtitle = ?4, language = "
                                 "?5, image = ?6, cut_short = ?7,"
                                 " meta = ?8 WHERE id = ?1 AND meta <> ?8";
    if (!sql_do(s, e, update, "itttttii", feed, p->title, p->home, p->subtitle, p->language,
                p->image, (int64_t)p->cut_short, (int64_t)p->meta))
        return false;
    return sqlite3_changes(s->db) == 0 || feed_name_refresh(s, feed, e);
}

bool apply_packs(struct store *s, const struct prepared *p, int64_t *ids, struct err *e)
{
    static const char insert[] = "INSERT INTO pack(data) VALUES(?)";
    for (size_t i = 0; i < p->npacks; i++) {
        if (!sql_do(s, e, insert, "b", p->packs[i].data, p->packs[i].len))
            return false;
        ids[i] = sqlite3_last_insert_rowid(s->db);
    }
    return true;
}

bool apply_count_packs(struct store *s, const struct prepared *p, const int64_t *ids,
                       const int64_t *live, struct err *e)
{
    static const char count[] = "INSERT INTO pack_live VALUES(?, ?)",
                      drop[] = "DELETE FROM pack WHERE id = ?";
    for (size_t i = 0; i < p->npacks; i++)
        if (!(live[i] ? sql_do(s, e, count, "ii", ids[i], live[i])
                      : sql_do(s, e, drop, "i", ids[i])))
            return false;
    return true;
}

// OR FAIL in what follows: with a trigger, a plain INSERT keeps a journal of its own within the
// savepoint, so as to be able to take back itself alone, and finding its way in that grows with
// every row of the feed. Here the savepoint takes all back anyway.
static int64_t sort_key(int64_t published, int64_t seen)
{
    return published > 0 && published <= seen ? published : seen;
}

bool apply_new(struct store *s, int64_t feed, int64_t id, const struct prepared_entry *pe,
               int64_t pack, int64_t now, struct err *e)
{
    static const char insert[] =
        "INSERT OR FAIL INTO entry(id, feed, sort, unread, naudio, flags, words, "
        "published, seen, guid, text, pack, off, len,"
        " audio_seconds, title, subtitle, author, url, audio)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    static const char know[] = "INSERT INTO known VALUES(?, ?, ?, ?)";
    return sql_do(s, e, insert, "iiiiiiiiiiiiiiittttt", id, feed, sort_key(pe->published, now),
                  (int64_t)!pe->read, pe->naudio, (int64_t)pe->flags, (int64_t)pe->words,
                  pe->published, now, (int64_t)pe->guid, (int64_t)pe->text, pack, (int64_t)pe->off,
                  (int64_t)pe->len, pe->audio_seconds, pe->title, pe->subtitle, pe->author, pe->url,
                  pe->audio) &&
           sql_do(s, e, know, "iiii", feed, (int64_t)pe->guid, (int64_t)pe->hash, id);
}

// The old text becomes a revision (it stays where it is packed), or is let go when the words are
// the same.
static bool part_with_old(struct store *s, int64_t id, bool revised, int64_t pack, int64_t now,
                          struct err *e)
{
    static const char keep[] =
        "INSERT INTO revision(entry, replaced, words, pack, off, len, title, subtitle, author)"
        " SELECT id, ?2, words, pack, off, len, title, subtitle, author FROM entry WHERE id = ?1";
    static const char prune[] =
        "DELETE FROM revision WHERE entry = ?1 AND id NOT IN"
        " (SELECT id FROM revision WHERE entry = ?1 ORDER BY id DESC LIMIT ?2)";
    static const char drop[] = "UPDATE pack_live SET live = live - 1 WHERE pack = ?";
    if (!revised)
        return sql_do(s, e, drop, "i", pack);
    return sql_do(s, e, keep, "ii", id, now) &&
           sql_do(s, e, prune, "ii", id, (int64_t)REVISIONS_KEPT);
}

// *told: it is news to the reader.
static bool change(struct store *s, int64_t feed, int64_t id, const struct prepared_entry *pe,
                   int64_t pack, int64_t now, bool *told, struct err *e)
{
    static const char old[] =
        "SELECT text, pack, published, seen, flags, words FROM entry WHERE id = ?";
    static const char update[] =
        "UPDATE OR FAIL entry SET sort = ?2, naudio = ?3, flags = ?4, words = ?5, "
        "published = ?6, text = ?7, pack = ?8, off = ?9, len = ?10,"
        " audio_seconds = ?11, title = ?12, subtitle = ?13, author = ?14, "
        "url = ?15, audio = ?16 WHERE id = ?1";
    static const char know[] = "UPDATE known SET hash = ?3 WHERE feed = ?1 AND guid = ?2";
    sqlite3_stmt *st = sql_get(s, old, e);
    if (!st)
        return false;
    sql_bind(st, "i", id);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0 &&
               err_set(e, ERR_DAMAGED,
                       "the library %s is damaged: entry %lld is missing; `lectern tidy` mends it",
                       s->path, (long long)id);
    bool revised = (uint64_t)sql_col(st, 0) != pe->text;
    // Another reader kept the same words in a dress of its own: no revision of theirs, unless the
    // feed says less than it did then.
    *told = true;
    if (sql_col(st, 4) & ENTRY_FOREIGN)
        *told = revised = revised && (int64_t)pe->words < sql_col(st, 5) * 9 / 10;
    int64_t old_pack = sql_col(st, 1), published = pe->published ? pe->published : sql_col(st, 2),
            seen = sql_col(st, 3);
    int64_t flags =
        (sql_col(st, 4) & (ITEM_REVISED | ITEM_OLDER)) | (revised ? ITEM_REVISED : 0) | pe->flags;
    sql_done(st);
    return part_with_old(s, id, revised, old_pack, now, e) &&
           sql_do(s, e, update, "iiiiiiiiiiittttt", id, sort_key(published, seen), pe->naudio,
                  flags, (int64_t)pe->words, published, (int64_t)pe->text, pack, (int64_t)pe->off,
                  (int64_t)pe->len, pe->audio_seconds, pe->title, pe->subtitle, pe->author, pe->url,
                  pe->audio) &&
           sql_do(s, e, know, "iii", feed, (int64_t)pe->guid, (int64_t)pe->hash);
}

// What the library has under this identity: *id 0 when it is to be left as it is, -1 when there is
// nothing.
static bool look_up(struct store *s, int64_t feed, const struct prepared_entry *pe, int64_t *id,
                    struct err *e)
{
    static const char find[] = "SELECT entry, hash FROM known WHERE feed = ? AND guid = ?";
    sqlite3_stmt *st = sql_get(s, find, e);
    if (!st)
        return false;
    sql_bind(st, "ii", feed, (int64_t)pe->guid);
    int got = sql_step(s, st, e);
    if (got < 0)
        return false;
    *id = got ? sql_col(st, 0) : -1;
    // Another process may have been quicker since the hashes were taken.
    if (got && (uint64_t)sql_col(st, 1) == pe->hash)
        *id = 0;
    sql_done(st);
    return true;
}

// What an archive brought is read, and bears a mark; what has no date there is older than all that
// are here.
static bool from_archive(struct store *s, int64_t feed, struct prepared_entry *pe,
                         const struct fetch_outcome *o, int64_t now, struct err *e)
{
    static const char first[] = "SELECT coalesce(min(sort) - 1, ?2) FROM entry WHERE feed = ?1";
    pe->read = pe->read || !o->unread;
    pe->flags |= ITEM_OLDER;
    return pe->published > 0 || sql_int(s, e, now, &pe->published, first, "ii", feed, now);
}

static bool write_entries(struct store *s, int64_t feed, const struct prepared *p,
                          const struct fetch_outcome *o, int64_t now, struct apply_counts *counts,
                          struct err *e)
{
    static const char any[] = "SELECT 1 FROM known WHERE feed = ? LIMIT 1";
    static const char last[] = "SELECT entry FROM counter WHERE one = 1";
    static const char count[] = "UPDATE counter SET entry = ? WHERE one = 1";
    int64_t *ids = mem_array(p->npacks, sizeof *ids), *live = mem_array(p->npacks, sizeof *live);
    int64_t known, id, next;
    bool elsewhere = false;
    bool ok = apply_packs(s, p, ids, e) && sql_int(s, e, 0, &known, any, "i", feed) &&
              sql_int(s, e, 0, &next, last, "") && elsewhere_any(s, &elsewhere, e);
    for (size_t i = p->n; ok && i-- > 0;) {
        struct prepared_entry pe = p->entries[i];
        id = -1;
        ok = !known || look_up(s, feed, &pe, &id, e);
        if (!ok || id == 0)
            continue;
        if (id < 0 && elsewhere)
            ok = elsewhere_read(s, &pe, &pe.read, e);
        if (id < 0 && o->archived)
            ok = ok && from_archive(s, feed, &pe, o, now, e);
        bool told = true;
        ok = ok && (id < 0 ? apply_new(s, feed, ++next, &pe, ids[pe.pack], now, e)
                           : change(s, feed, id, &pe, ids[pe.pack], now, &told, e));
        live[pe.pack]++;
        counts->added += id < 0;
        counts->changed += id > 0 && told;
    }
    ok = ok && apply_count_packs(s, p, ids, live, e) &&
         (counts->added == 0 || sql_do(s, e, count, "i", next));
    free(ids);
    free(live);
    return ok;
}

bool store_apply(struct store *s, int64_t feed, const struct prepared *p,
                 const struct fetch_outcome *o, struct apply_counts *out, struct err *e)
{
    static const char there[] = "SELECT total FROM tally WHERE feed = ?";
    struct apply_counts counts = {0};
    int64_t now = o->when > 0 ? o->when : (int64_t)time(NULL);
    if (!sql_write_begin(s, e))
        return false;
    bool ok = sql_int(s, e, -1, &counts.total, there, "i", feed);
    if (ok && counts.total < 0)
        ok = err_set(e, ERR_MISSING, "the feed was removed meanwhile");
    if (ok && o->new_url) // when another feed has that address already, both stay as they are
        store_feed_move(s, feed, o->new_url, NULL);
    ok = ok && (o->older || remember_try(s, feed, o, e));
    if (ok && p && !o->error) {
        ok = o->older || describe(s, feed, p, e);
        if (ok && p->n)
            ok = write_entries(s, feed, p, o, now, &counts, e) &&
                 sql_int(s, e, 0, &counts.total, there, "i", feed);
    }
    if (!sql_write_end(s, ok, e))
        return false;
    if (out)
        *out = counts;
    return true;
}

bool store_begin(struct store *s, struct err *e)
{
    return sql_write_begin(s, e);
}

bool store_commit(struct store *s, struct err *e)
{
    return sql_write_end(s, true, e);
}

void store_rollback(struct store *s)
{
    sql_write_end(s, false, NULL);
}
