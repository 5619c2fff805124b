// Listening: small tables beside the entries, keyed by address, since a recording outlives its
// essay in the list. The order of the queue is a number with gaps, so that a move writes one row.
#include "lectern/listen.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"

enum { GAP = 1 << 20 };

// ---- how far ----

bool store_heard(struct store *s, const char *address, struct heard *out, struct err *e)
{
    static const char query[] = "SELECT at, length, finished, heard FROM sound WHERE address = ?";
    struct heard h = {0};
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "t", address);
    int got = sql_step(s, st, e);
    if (got > 0) {
        h = (struct heard){sqlite3_column_double(st, 0), sqlite3_column_double(st, 1),
                           sql_col(st, 2) != 0, sql_col(st, 3)};
        sql_done(st);
    }
    if (got >= 0)
        *out = h;
    return got >= 0;
}

bool store_set_heard(struct store *s, const char *address, const struct heard *h, struct err *e)
{
    static const char set[] =
        "INSERT INTO sound(address, at, length, finished, heard) VALUES(?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT DO UPDATE SET at = excluded.at, length = excluded.length,"
        "  finished = excluded.finished, heard = excluded.heard";
    return sql_write_begin(s, e) && sql_write_end(s,
                                                  sql_do(s, e, set, "tddii", address, h->at,
                                                         h->length, (int64_t)h->finished, h->when),
                                                  e);
}

// ---- the queue ----

#define QUEUE_ROWS                                                                             \
    "SELECT q.id, q.item, q.address, q.title, q.feed_title, q.type, q.length, h.at, h.length," \
    " h.finished, h.heard FROM queue q LEFT JOIN sound h ON h.address = q.address"

static void read_row(sqlite3_stmt *st, struct arena *a, struct queue_row *r)
{
    *r = (struct queue_row){.id = sql_col(st, 0),
                            .item = sql_col(st, 1),
                            .address = sql_text(st, 2, a),
                            .title = sql_text(st, 3, a),
                            .feed_title = sql_text(st, 4, a),
                            .type = sql_text(st, 5, a),
                            .length = sqlite3_column_double(st, 6),
                            .heard = {sqlite3_column_double(st, 7), sqlite3_column_double(st, 8),
                                      sql_col(st, 9) != 0, sql_col(st, 10)}};
    if (r->length <= 0)
        r->length = r->heard.length;
}

bool store_queue(struct store *s, struct arena *a, struct queue_row **out, size_t *n, struct err *e)
{
    static const char query[] = QUEUE_ROWS " ORDER BY q.rank, q.id";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    struct queue_row *all = NULL;
    size_t count = 0, cap = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        read_row(st, a, &all[count++]);
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

static bool rank_of(struct store *s, int64_t id, int64_t *rank, struct err *e)
{
    static const char query[] = "SELECT rank FROM queue WHERE id = ?";
    return sql_int(s, e, INT64_MIN, rank, query, "i", id);
}

// Where gaps are used up all rows get new ones.
static bool spread(struct store *s, struct err *e)
{
    static const char again[] =
        "UPDATE queue SET rank = o.n * 1048576 FROM"
        " (SELECT id, row_number() OVER (ORDER BY rank, id) AS n FROM queue) o"
        " WHERE o.id = queue.id";
    return sql_do(s, e, again, "");
}

// A rank just before that of `before` (0: behind all), `self` not counted.
static bool free_rank(struct store *s, int64_t before, int64_t self, int64_t *out, struct err *e)
{
    static const char last[] = "SELECT coalesce(max(rank), 0) FROM queue WHERE id <> ?";
    static const char previous[] =
        "SELECT coalesce(max(rank), ?1 - 2097152) FROM queue WHERE rank < ?1 AND id <> ?2";
    for (int tries = 0; tries < 2; tries++) {
        int64_t high, low;
        if (before && !rank_of(s, before, &high, e))
            return false;
        if (!before || high == INT64_MIN) {
            if (!sql_int(s, e, 0, &low, last, "i", self))
                return false;
            *out = low + GAP;
            return true;
        }
        if (!sql_int(s, e, 0, &low, previous, "ii", high, self))
            return false;
        if (high - low > 1) {
            *out = low + (high - low) / 2;
            return true;
        }
        if (!spread(s, e))
            return false;
    }
    *out = 0;
    return true;
}

static bool add(struct store *s, const struct queue_row *row, int64_t before, int64_t *id,
                bool *existed, struct err *e)
{
    static const char find[] = "SELECT id FROM queue WHERE address = ?";
    static const char move[] = "UPDATE queue SET rank = ?2 WHERE id = ?1";
    static const char insert[] =
        "INSERT INTO queue(rank, item, address, title, feed_title, type, length)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    int64_t there, rank;
    if (!sql_int(s, e, 0, &there, find, "t", row->address) ||
        !free_rank(s, before == there ? 0 : before, there, &rank, e))
        return false;
    bool ok = there ? before == there || sql_do(s, e, move, "ii", there, rank)
                    : sql_do(s, e, insert, "iittttd", rank, row->item, row->address, row->title,
                             row->feed_title, row->type, row->length);
    if (ok) {
        *existed = there != 0;
        *id = there ? there : sqlite3_last_insert_rowid(s->db);
    }
    return ok;
}

bool store_queue_add(struct store *s, const struct queue_row *row, int64_t before, int64_t *id,
                     bool *existed, struct err *e)
{
    return sql_write_begin(s, e) && sql_write_end(s, add(s, row, before, id, existed, e), e);
}

bool store_queue_remove(struct store *s, int64_t id, struct err *e)
{
    static const char drop[] = "DELETE FROM queue WHERE id = ?";
    return sql_write_begin(s, e) && sql_write_end(s, sql_do(s, e, drop, "i", id), e);
}

// One step past its neighbour; *moved false: there is none.
static bool step(struct store *s, int64_t id, int dir, bool *moved, struct err *e)
{
    static const char above[] =
        "SELECT id FROM queue WHERE (rank, id) < (SELECT rank, id FROM queue WHERE id = ?)"
        " ORDER BY rank DESC, id DESC LIMIT 1";
    static const char below[] =
        "SELECT id FROM queue WHERE (rank, id) > (SELECT rank, id FROM queue WHERE id = ?)"
        " ORDER BY rank, id LIMIT 1";
    static const char swap[] = "UPDATE queue SET rank = ?2 WHERE id = ?1";
    int64_t other, mine, theirs;
    if (!sql_int(s, e, 0, &other, dir < 0 ? above : below, "i", id))
        return false;
    *moved = other != 0;
    return !other ||
           (rank_of(s, id, &mine, e) && rank_of(s, other, &theirs, e) &&
            sql_do(s, e, swap, "ii", id, theirs) && sql_do(s, e, swap, "ii", other, mine));
}

bool store_queue_move(struct store *s, int64_t id, int by, struct err *e)
{
    if (!sql_write_begin(s, e))
        return false;
    bool ok = true, moved = true;
    for (int i = by; ok && moved && i; i += i < 0 ? 1 : -1)
        ok = step(s, id, by, &moved, e);
    return sql_write_end(s, ok, e);
}

bool store_queue_next(struct store *s, const char *done, struct arena *a, struct queue_row *out,
                      struct err *e)
{
    static const char drop[] = "DELETE FROM queue WHERE address = ?";
    static const char first[] = QUEUE_ROWS " ORDER BY q.rank, q.id LIMIT 1";
    if (!sql_write_begin(s, e))
        return false;
    struct queue_row r = {0};
    bool ok = sql_do(s, e, drop, "t", done);
    sqlite3_stmt *st = ok ? sql_get(s, first, e) : NULL;
    int got = st ? sql_step(s, st, e) : -1;
    if (got > 0) {
        read_row(st, a, &r);
        sql_done(st);
    }
    ok = sql_write_end(s, got >= 0, e);
    if (ok)
        *out = r;
    return ok;
}

// ---- what plays ----

bool store_playing(struct store *s, struct arena *a, struct playing *out, struct err *e)
{
    static const char query[] =
        "SELECT socket, item, address, title, error, since FROM playing WHERE one = 1";
    struct playing p = {0};
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    int got = sql_step(s, st, e);
    if (got > 0) {
        p = (struct playing){sql_text(st, 0, a), sql_col(st, 1),     sql_text(st, 2, a),
                             sql_text(st, 3, a), sql_text(st, 4, a), sql_col(st, 5)};
        sql_done(st);
    }
    if (got >= 0)
        *out = p;
    return got >= 0;
}

bool store_set_playing(struct store *s, const struct playing *p, struct err *e)
{
    static const char set[] =
        "INSERT INTO playing(one, socket, item, address, title, error, since)"
        " VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET socket = excluded.socket,"
        " item = excluded.item, address = excluded.address, title = excluded.title,"
        " error = excluded.error, since = excluded.since";
    return sql_write_begin(s, e) && sql_write_end(s,
                                                  sql_do(s, e, set, "tittti", p->socket, p->item,
                                                         p->address, p->title, p->error, p->since),
                                                  e);
}
