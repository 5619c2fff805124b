// Libraries for tests.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "library.h"
#include "lectern/buf.h"
#include "lectern/mem.h"

char *library_path(const char *name)
{
    const char *dir = getenv("LECTERN_TMP");
    char *path = mem_printf("%s/%s-%d.db", dir && *dir ? dir : "/tmp", name, (int)getpid());
    static const char *const ends[] = {"", "-wal", "-shm", "-journal", ".v1.backup"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *file = mem_printf("%s%s", path, ends[i]);
        unlink(file);
        free(file);
    }
    return path;
}

struct feed_update *update_new(const char *title, size_t room)
{
    struct arena *a = arena_new();
    struct feed_update *u = mem_alloc(sizeof *u);
    u->arena = a;
    u->format = FEED_RSS2;
    u->title = arena_strdup(a, title);
    u->entries = arena_alloc(a, room * sizeof *u->entries);
    return u;
}

struct feed_entry *update_add(struct feed_update *u, const char *guid, const char *title,
                              int64_t published, const char *body)
{
    struct feed_entry *e = &u->entries[u->nentries++];
    *e = (struct feed_entry){.guid = arena_strdup(u->arena, guid),
                             .title = arena_strdup(u->arena, title),
                             .published = published};
    e->url = arena_printf(u->arena, "https://example.org/%s", guid);
    if (body) {
        e->content = arena_strdup(u->arena, body);
        e->content_len = strlen(body);
        e->type = CONTENT_HTML;
        e->words = (uint32_t)(e->content_len / 6);
    }
    return e;
}

void update_audio(struct feed_update *u, struct feed_entry *e, const char *url, int64_t seconds)
{
    struct enclosure *all = arena_alloc(u->arena, (e->nenclosures + 1) * sizeof *all);
    if (e->nenclosures)
        memcpy(all, e->enclosures, e->nenclosures * sizeof *all);
    all[e->nenclosures] = (struct enclosure){.url = arena_strdup(u->arena, url),
                                             .type = "audio/mpeg",
                                             .seconds = seconds,
                                             .kind = ENCLOSURE_AUDIO};
    e->enclosures = all;
    e->nenclosures++;
}

void update_free(struct feed_update *u)
{
    arena_free(u->arena);
    free(u);
}

struct apply_counts library_apply(struct store *s, int64_t feed, const struct feed_update *u,
                                  int64_t when)
{
    struct arena *a = arena_new();
    struct fetch_state known;
    struct err e = ERR_INIT;
    if (!store_fetch_state(s, feed, a, &known, &e))
        fail_msg("%s", e.msg);
    struct prepared *p = store_prepare(u, &known);
    struct fetch_outcome o = {
        .when = when, .http_status = 200, .next_due = when + 3600, .bytes = 1000};
    struct apply_counts counts;
    if (!store_apply(s, feed, p, &o, &counts, &e))
        fail_msg("%s", e.msg);
    store_prepared_free(p);
    arena_free(a);
    return counts;
}

struct store *library_open(const char *path, enum store_mode mode)
{
    struct store *s = NULL;
    struct err e = ERR_INIT;
    if (!store_open(path, mode, &s, &e))
        fail_msg("%s", e.msg);
    return s;
}

int64_t library_feed(struct store *s, const char *url)
{
    struct err e = ERR_INIT;
    int64_t id = 0;
    bool existed;
    if (!store_feed_add(s, url, NULL, &id, &existed, &e))
        fail_msg("%s", e.msg);
    return id;
}

char *library_ask(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st = NULL;
    struct buf b = {0};
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    while (sqlite3_step(st) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(st); i++)
            buf_printf(&b, "%s%s", i ? "|" : "",
                       sqlite3_column_text(st, i) ? (const char *)sqlite3_column_text(st, i) : "");
        buf_char(&b, '\n');
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return buf_take(&b, NULL);
}

void library_run(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(db);
}

void library_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

int64_t library_number(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return v;
}
