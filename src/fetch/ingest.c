// A document that somebody else fetched: from a script, or with a browser where the server refuses
// programs. It is stored as if it had come over the line.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "http.h"
#include "lectern/fetch.h"
#include "lectern/hash.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "move.h"
#include "schedule.h"

enum { WRITE_WAIT_MS = 15000 };

// "Ada's script" -> "lectern:ingest/Ada's%20script"
static char *name_address(const char *name)
{
    struct buf b = {0};
    buf_str(&b, ADDRESS_INGEST);
    for (const unsigned char *p = (const unsigned char *)name; *p; p++)
        if (*p <= ' ' || *p == 0x7F || *p == '%' || *p == '#' || *p == '?' || *p == '@')
            buf_printf(&b, "%%%02X", *p);
        else
            buf_char(&b, (char)*p);
    return buf_take(&b, NULL);
}

static bool is_number(const char *s)
{
    return *s && strspn(s, "0123456789") == strlen(s);
}

// A part of a title is no name here: it would put what is new under a feed that is there.
static bool meant(const struct feed_row *row, const char *name)
{
    char *bare = feed_shown(name);
    bool ok = is_number(name) || strcasecmp(row->title, name) == 0 || strcmp(row->url, bare) == 0;
    free(bare);
    return ok;
}

// The feed that is meant, or the address of a new one.
static bool find(struct store *s, const char *name, struct arena *a, struct feed_row *row,
                 char **fresh, struct err *e)
{
    struct err none = ERR_INIT;
    char *own = name_address(name), *url = NULL;
    *fresh = NULL;
    bool ok = true;
    if (store_feed_find(s, own, a, row, &none)) {
    } else if (fetch_address(name, &url, &none)) {
        if (!store_feed_find(s, url, a, row, &none)) {
            *fresh = url;
            url = NULL;
        }
    } else if (store_feed_find(s, name, a, row, &none) && meant(row, name)) {
    } else if (is_number(name)) {
        ok = err_set(e, ERR_MISSING, "there is no feed %s; `lectern feeds` lists what there is",
                     name);
    } else {
        *fresh = own;
        own = NULL;
    }
    free(own);
    free(url);
    return ok;
}

void ingest_result_free(struct ingest_result *r)
{
    free(r->title);
    *r = (struct ingest_result){0};
}

static bool store_it(struct store *s, const struct conf *c, const char *name, struct feed_row *row,
                     const char *fresh, const struct feed_update *u, const char *bytes, size_t len,
                     struct arena *a, struct apply_counts *counts, struct err *e)
{
    struct fetch_state state = {0};
    bool existed;
    if (fresh && !store_feed_add(s, fresh, NULL, &row->id, &existed, e))
        return false;
    if (!store_feed(s, row->id, a, row, e) || !store_fetch_state(s, row->id, a, &state, e))
        return false;
    int64_t now = (int64_t)time(NULL), own = schedule_own(c, row->address);
    struct schedule when = {.now = now,
                            .interval = conf_int(c, CONF_INTERVAL) * INT64_C(60),
                            .own = own > 0 ? own : state.interval,
                            .ttl = u->ttl,
                            .skip_hours = u->skip_hours,
                            .skip_days = u->skip_days};
    bool nowhere = strncmp(row->address, ADDRESS_INGEST, strlen(ADDRESS_INGEST)) == 0;
    struct fetch_outcome o = {.when = now,
                              .bytes = (int64_t)len,
                              .next_due = nowhere ? 0 : schedule_good(&when),
                              .body_hash = u->cut_short ? 0 : hash_bytes(bytes, len, 0)};
    struct prepared *p = store_prepare(u, &state);
    bool ok = store_apply(s, row->id, p, &o, counts, e);
    store_prepared_free(p);
    ok = ok && asks_keep(s, row->id, u, e);
    // A document without a title is called what the reader calls it.
    if (ok && fresh && nowhere && !*u->title)
        ok = store_feed_rename(s, row->id, name, e);
    return ok && store_feed(s, row->id, a, row, e);
}

bool fetch_ingest(struct store *s, const struct conf *c, const char *name, const char *bytes,
                  size_t len, struct ingest_result *out, struct err *e)
{
    struct arena *a = arena_new();
    struct feed_row row = {0};
    struct feed_update *u = NULL;
    struct apply_counts counts = {0};
    char *fresh = NULL, *clean = utf8_clean_dup(name, strlen(name), UTF8_LINE);
    store_set_wait(s, WRITE_WAIT_MS);
    bool ok = *clean ? find(s, clean, a, &row, &fresh, e)
                     : err_set(e, ERR_USAGE, "the feed needs a name or an address");
    if (ok) {
        const char *url = fresh ? fresh : row.address;
        struct feed_source src = {.url = http_is_web(url) ? url : NULL};
        ok = feed_parse(bytes, len, &src, &u, e);
    }
    bool begun = ok && (ok = store_begin(s, e));
    ok = ok && store_it(s, c, clean, &row, fresh, u, bytes, len, a, &counts, e);
    if (begun && ok)
        ok = store_commit(s, e);
    else if (begun)
        store_rollback(s);
    if (ok)
        *out = (struct ingest_result){.feed_id = row.id,
                                      .existed = !fresh,
                                      .title = mem_strdup(row.title),
                                      .added = counts.added,
                                      .changed = counts.changed,
                                      .total = counts.total};
    feed_free(u);
    free(fresh);
    free(clean);
    arena_free(a);
    return ok;
}
