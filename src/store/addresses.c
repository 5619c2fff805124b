// Essays by the address of their page. Feeds tell essays apart by guids; sitemaps and the like know
// addresses only, and write them as they please: with and without www, a slash at the end, what a
// campaign counts. All of a feed's are read at once, for a walk through its archive.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "store/store.h"

// Does a part of a query only say where a reader came from?
static bool only_counts(const char *part)
{
    return strncmp(part, "utm_", 4) == 0 || strncmp(part, "ref=", 4) == 0 ||
           strncmp(part, "source=", 7) == 0 || strncmp(part, "fbclid=", 7) == 0;
}

uint64_t store_address_hash(const char *url)
{
    char *key = feed_key(url ? url : "");
    const char *from = strncmp(key, "www.", 4) == 0 ? key + 4 : key;
    size_t len = strcspn(from, "?");
    struct buf b = {0};
    buf_add(&b, from, len);
    while (b.len > 1 && b.data[b.len - 1] == '/')
        b.data[--b.len] = '\0';
    for (const char *part = from + len; *part; part += strcspn(part, "&")) {
        part++;
        if (!only_counts(part))
            buf_printf(&b, "&%.*s", (int)strcspn(part, "&"), part);
    }
    uint64_t hash = hash_bytes(buf_cstr(&b), b.len, 0x61646472); // apart from those of guids
    buf_free(&b);
    free(key);
    return hash;
}

static int by_value(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

bool store_feed_addresses(struct store *s, int64_t feed, uint64_t **hashes, size_t *n,
                          struct err *e)
{
    static const char there[] = "SELECT url FROM entry WHERE feed = ? AND url IS NOT NULL",
                      gone[] = "SELECT guid FROM known WHERE feed = ? AND entry = 0";
    uint64_t *all = NULL;
    size_t cap = 0, have = 0;
    int got = 0;
    for (int pass = 0; pass < 2 && got == 0; pass++) {
        sqlite3_stmt *st = sql_get(s, pass ? gone : there, e);
        if (!st) {
            got = -1;
            break;
        }
        sql_bind(st, "i", feed);
        while ((got = sql_step(s, st, e)) > 0) {
            all = mem_grow(all, &cap, have + 1, sizeof *all);
            all[have++] = pass ? (uint64_t)sql_col(st, 0)
                               : store_address_hash((const char *)sqlite3_column_text(st, 0));
        }
    }
    if (got < 0) {
        free(all);
        return false;
    }
    if (have)
        qsort(all, have, sizeof *all, by_value);
    *hashes = all;
    *n = have;
    return true;
}

bool address_forget(struct store *s, int64_t entry, struct err *e)
{
    static const char find[] = "SELECT feed, url FROM entry WHERE id = ? AND url IS NOT NULL",
                      know[] = "INSERT OR IGNORE INTO known VALUES(?, ?, 0, 0)";
    sqlite3_stmt *st = sql_get(s, find, e);
    if (!st)
        return false;
    sql_bind(st, "i", entry);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0;
    int64_t feed = sql_col(st, 0);
    uint64_t hash = store_address_hash((const char *)sqlite3_column_text(st, 1));
    sql_done(st);
    return sql_do(s, e, know, "ii", feed, (int64_t)hash);
}
