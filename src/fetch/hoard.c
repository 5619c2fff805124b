// Another reader's essays, read feed by feed and made ready to be written. Compressed, they are a
// quarter of what they were, so all of them can wait in memory: the library is locked for the
// moment of writing alone.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "import.h"
#include "lectern/buf.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

struct piece {
    size_t feed;
    struct taken *t;
};
struct hoard {
    struct foreign_db *db; // NULL: sfeed's files
    struct arena *arena;
    struct foreign_feed *feeds;
    const char **addresses; // theirs, cleaned as those of a list are
    size_t n;
    struct piece *pieces; // by feed, in order
    size_t npieces, cap;
    int64_t now;
};

static void add_piece(struct hoard *h, struct preparer *r, size_t feed,
                      const struct foreign_item *items, size_t n)
{
    h->pieces = mem_grow(h->pieces, &h->cap, h->npieces + 1, sizeof *h->pieces);
    h->pieces[h->npieces++] = (struct piece){feed, take_prepare(r, &h->feeds[feed], items, n)};
}

static bool listed(const struct subs *subs, const char *address)
{
    bool found = !subs;
    for (size_t i = 0; subs && !found && i < subs->n; i++)
        found = strcmp(subs->items[i].url, address) == 0;
    return found;
}

static void set_feeds(struct hoard *h, size_t n)
{
    h->feeds = mem_array(n, sizeof *h->feeds);
    h->addresses = mem_array(n, sizeof *h->addresses);
    h->n = n;
}

static void set_feed(struct hoard *h, size_t i, const struct foreign_feed *f)
{
    char *clean = utf8_clean_dup(f->url, strlen(f->url), UTF8_ADDRESS);
    h->feeds[i] = *f;
    h->addresses[i] = arena_strdup(h->arena, clean);
    free(clean);
}

static bool read_database(struct hoard *h, const char *path, const struct subs *subs,
                          const struct import_opts *o, struct import_result *r, struct err *e)
{
    const struct foreign_feed *feeds;
    if (!foreign_db_open(path, &h->db, e))
        return false;
    size_t n = foreign_db_feeds(h->db, &feeds);
    set_feeds(h, n);
    struct preparer *prep = store_preparer_new();
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        set_feed(h, i, &feeds[i]);
        if (!listed(subs, h->addresses[i])) {
            r->left_feeds += feeds[i].n > 0;
            r->left_essays += feeds[i].n;
            continue;
        }
        for (size_t got = 1; ok && got;) {
            struct arena *a = arena_new();
            struct foreign_item *items;
            ok = foreign_db_items(h->db, i, a, &items, &got, e);
            if (ok && got)
                add_piece(h, prep, i, items, got);
            arena_free(a);
        }
    }
    store_preparer_free(prep);
    r->lost += foreign_db_lost(h->db);
    if (foreign_db_damage(h->db))
        import_tell(o, "%s", foreign_db_damage(h->db));
    return ok;
}

// sfeed_update's name of a feed's file.
static char *file_of(const char *dir, const char *name)
{
    char *file = path_join(dir, "");
    char *clean = mem_strdup(name);
    for (char *p = clean; *p; p++)
        *p = (char)(*p == '/' ? '_' : *p);
    char *path = mem_printf("%s%s", file, clean);
    free(file);
    free(clean);
    return path;
}

static bool known(const char *const *names, size_t n, const char *name)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = strcmp(names[mid], name);
        if (c == 0)
            return true;
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

const char **import_names(const char *file, struct arena *a, size_t *n, struct err *e)
{
    struct buf b = {0};
    if (!buf_read_file(&b, file, IMPORT_LARGEST, e))
        return NULL;
    size_t lines = 1;
    for (size_t i = 0; i < b.len; i++)
        lines += b.data[i] == '\n';
    const char **names = arena_alloc(a, lines * sizeof *names);
    *n = 0;
    for (const char *p = buf_cstr(&b), *end = p + b.len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        size_t k = nl ? (size_t)(nl - p) : (size_t)(end - p);
        char *line = utf8_clean_dup(p, k, UTF8_LINE);
        if (*line)
            names[(*n)++] = arena_strdup(a, line);
        free(line);
        p += k + 1;
    }
    buf_free(&b);
    qsort(names, *n, sizeof *names, by_text);
    return names;
}

static bool read_sfeed(struct hoard *h, const struct foreign_place *p, const struct subs *subs,
                       const struct import_opts *o, struct import_result *r, struct err *e)
{
    size_t nread = 0;
    const char **read = NULL;
    if (p->read && !(read = import_names(p->read, h->arena, &nread, e)))
        return false;
    if (!p->read)
        import_tell(o, "sfeed keeps no note of what was read (sfeed_curses does, where "
                       "SFEED_URL_FILE names a file; --read FILE takes it): all is unread");
    struct preparer *prep = store_preparer_new();
    set_feeds(h, subs->n);
    for (size_t i = 0; i < subs->n; i++) {
        struct buf b = {0};
        char *path = file_of(p->cache, subs->items[i].title ? subs->items[i].title : "");
        set_feed(h, i, &(struct foreign_feed){.url = subs->items[i].url});
        if (buf_read_file(&b, path, IMPORT_LARGEST, NULL)) {
            struct arena *a = arena_new();
            size_t n, bad;
            struct foreign_item *items = sfeed_items(buf_cstr(&b), b.len, a, &n, &bad);
            for (size_t k = 0; k < n; k++)
                items[k].read = nread && (known(read, nread, items[k].url) ||
                                          known(read, nread, items[k].guid));
            for (size_t at = 0; at < n; at += FOREIGN_CHUNK)
                add_piece(h, prep, i, items + at,
                          n - at < FOREIGN_CHUNK ? n - at : (size_t)FOREIGN_CHUNK);
            h->feeds[i].n = n;
            r->lost += bad;
            arena_free(a);
        }
        buf_free(&b);
        free(path);
    }
    store_preparer_free(prep);
    return true;
}

bool hoard_read(const struct foreign_place *p, const struct subs *subs, const struct import_opts *o,
                struct import_result *r, struct hoard **out, struct err *e)
{
    struct hoard *h = mem_alloc(sizeof *h);
    h->arena = arena_new();
    h->now = (int64_t)time(NULL);
    bool ok = !p->cache                  ? true
              : p->kind == FOREIGN_SFEED ? read_sfeed(h, p, subs, o, r, e)
                                         : read_database(h, p->cache, subs, o, r, e);
    if (!ok) {
        hoard_free(h);
        return false;
    }
    if (h->db)
        r->format = foreign_db_kind(h->db) == FOREIGN_NEWSRAFT ? "newsraft" : "newsboat";
    *out = h;
    return true;
}

void hoard_free(struct hoard *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->npieces; i++)
        taken_free(h->pieces[i].t);
    free(h->pieces);
    free(h->feeds);
    free(h->addresses);
    foreign_db_close(h->db);
    arena_free(h->arena);
    free(h);
}

size_t hoard_feeds(const struct hoard *h)
{
    return h->n;
}

const char *hoard_address(const struct hoard *h, size_t i)
{
    return h->addresses[i];
}

bool hoard_write(const struct hoard *h, size_t i, struct store *s, int64_t feed, bool dry,
                 struct import_result *r, struct err *e)
{
    bool ok = true, validators = false;
    if (!dry)
        ok = store_take_feed(s, feed, &h->feeds[i], &validators, e);
    r->validators += validators;
    size_t low = 0, high = h->npieces; // the first piece of this feed
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (h->pieces[mid].feed < i)
            low = mid + 1;
        else
            high = mid;
    }
    for (; ok && low < h->npieces && h->pieces[low].feed == i; low++)
        ok = store_take(s, feed, h->pieces[low].t, h->now, dry, &r->essays, e);
    return ok;
}
