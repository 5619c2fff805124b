// What goes and what stays, by the reader's own rule. An essay goes only when it is certain that
// nobody has put anything on it: no bookmark, no highlight, no mark. Each batch asks again within
// the transaction that removes, so that an essay kept a moment ago by another Lectern is safe.
#include "lectern/house.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"

enum { BATCH = 100, DAY = 24 * 3600 };

// ---- the rule ----

static int64_t site_number(const struct conf *c, enum conf_site o, const char *url, int otherwise)
{
    const char *says = conf_site(c, o, url);
    return says ? strtoll(says, NULL, 10) : otherwise;
}

static bool site_yes(const struct conf *c, enum conf_site o, const char *url, bool otherwise)
{
    const char *says = conf_site(c, o, url);
    return says ? strcmp(says, "yes") == 0 : otherwise;
}

struct keep_rule keep_rule_of(const struct conf *c, const char *url)
{
    return (struct keep_rule){
        .days = site_number(c, CONF_SITE_KEEP_DAYS, url, conf_int(c, CONF_KEEP_DAYS)),
        .count = site_number(c, CONF_SITE_KEEP_COUNT, url, conf_int(c, CONF_KEEP_COUNT)),
        .unread = site_yes(c, CONF_SITE_KEEP_UNREAD, url, conf_bool(c, CONF_KEEP_UNREAD)),
        .started = site_yes(c, CONF_SITE_KEEP_STARTED, url, conf_bool(c, CONF_KEEP_STARTED)),
    };
}

bool keep_all(const struct keep_rule *r)
{
    return r->days <= 0 && r->count <= 0;
}

void keep_words(const struct keep_rule *r, struct buf *out)
{
    if (keep_all(r)) {
        buf_str(out, "for good");
        return;
    }
    if (r->days > 0)
        buf_printf(out, "%lld day%s", (long long)r->days, r->days == 1 ? "" : "s");
    if (r->count > 0)
        buf_printf(out, r->days > 0 ? ", at most %lld" : "the newest %lld", (long long)r->count);
    if (r->unread || r->started)
        buf_printf(out, ", and all that is %s%s%s", r->unread ? "unread" : "",
                   r->unread && r->started ? " or " : "", r->started ? "begun" : "");
}

// ---- which ----

// Tables in which a reader has put something on an item. Not every library has all of them.
static const struct {
    const char *table, *column;
} holds[] = {{"mark", "item"}, {"highlight_at", "item"}, {"queue", "item"}, {"playing", "item"}};

// The query for what goes, with at most ?4 rows: feed ?1, the day before which ?2, how many stay
// ?3, not open since ?5.
static bool query_of(struct store *s, const struct keep_rule *r, struct buf *out, struct err *e)
{
    static const char there[] = "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?";
    buf_str(out, "SELECT id FROM entry WHERE id IN (");
    if (r->days > 0)
        buf_str(out, "SELECT id FROM entry WHERE feed = ?1 AND sort < ?2 AND seen < ?2");
    if (r->days > 0 && r->count > 0)
        buf_str(out, " UNION ALL ");
    if (r->count > 0)
        buf_str(out, "SELECT id FROM (SELECT id FROM entry WHERE feed = ?1"
                     " ORDER BY sort DESC, id DESC LIMIT -1 OFFSET ?3)");
    buf_printf(out, ") AND bookmark = 0 AND opened < ?5 AND flags & %d = 0", (int)ITEM_OLDER);
    if (r->unread)
        buf_str(out, " AND unread = 0");
    if (r->started)
        buf_str(out, " AND started <> 1");
    for (size_t i = 0; i < sizeof holds / sizeof *holds; i++) {
        int64_t has;
        if (!sql_int(s, e, 0, &has, there, "tt", holds[i].table, holds[i].column))
            return false;
        if (has)
            buf_printf(out, " AND NOT EXISTS (SELECT 1 FROM %s h WHERE h.%s = entry.id)",
                       holds[i].table, holds[i].column);
    }
    buf_str(out, " ORDER BY sort, id LIMIT ?4");
    return true;
}

static bool prepare(struct store *s, const struct keep_rule *r, sqlite3_stmt **st, struct err *e)
{
    struct buf query = {0};
    bool ok = query_of(s, r, &query, e);
    if (ok && sqlite3_prepare_v2(s->db, query.data, -1, st, NULL) != SQLITE_OK)
        ok = sql_error(s, "cannot look for what goes", e);
    buf_free(&query);
    return ok;
}

// At most `most` ids (< 0: all) into *ids, which grows.
static bool find(struct store *s, sqlite3_stmt *st, int64_t feed, const struct keep_rule *r,
                 int64_t now, int64_t most, int64_t **ids, size_t *n, size_t *cap, struct err *e)
{
    sql_bind(st, "iiiii", feed, now - r->days * DAY, r->count, most, now - DAY);
    int got;
    *n = 0;
    while ((got = sql_step(s, st, e)) > 0) {
        *ids = mem_grow(*ids, cap, *n + 1, sizeof **ids);
        (*ids)[(*n)++] = sql_col(st, 0);
    }
    return got == 0;
}

bool keep_preview(struct store *s, int64_t feed, const struct keep_rule *r, int64_t now,
                  int64_t **ids, size_t *n, struct err *e)
{
    int64_t *list = NULL;
    size_t count = 0, cap = 0;
    sqlite3_stmt *st = NULL;
    bool ok = keep_all(r) ||
              (prepare(s, r, &st, e) && find(s, st, feed, r, now, -1, &list, &count, &cap, e));
    sqlite3_finalize(st);
    if (!ok) {
        free(list);
        return false;
    }
    *ids = list ? list : mem_alloc(sizeof *list);
    *n = count;
    return true;
}

bool keep_apply(struct store *s, int64_t feed, const struct keep_rule *r, int64_t now,
                const volatile int *stop, struct keep_result *out, struct err *e)
{
    struct keep_result sum = {0};
    int64_t *ids = NULL;
    size_t n = 0, cap = 0;
    sqlite3_stmt *st = NULL;
    bool ok = keep_all(r) || prepare(s, r, &st, e);
    do {
        if (!st || !ok || !(ok = sql_write_begin(s, e)))
            break;
        ok = find(s, st, feed, r, now, BATCH, &ids, &n, &cap, e) &&
             store_entries_remove(s, ids, n, e);
        ok = sql_write_end(s, ok, e);
        sum.n += ok ? (int64_t)n : 0;
    } while (ok && n == BATCH && !(stop && *stop));
    sqlite3_finalize(st);
    free(ids);
    *out = sum; // also of what went before something failed
    return ok;
}
