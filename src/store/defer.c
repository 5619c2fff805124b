// What reading changes, without waiting: the change is kept in a small sorted overlay that every
// question to the store looks through, and goes to the file as soon as nobody else is writing. The
// overlay nearly always has a handful of items; marking a whole shelf read puts many in at once and
// is tried at once.
#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"
#include "store/store.h"

enum { MANY = 64 };

static int by_id(const void *x, const void *y)
{
    const struct pending *a = x, *b = y;
    return a->id < b->id ? -1 : a->id > b->id;
}

const struct pending *pending_find(const struct store *s, int64_t id)
{
    size_t low = 0, high = s->npending;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->pending[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->npending && s->pending[low].id == id ? &s->pending[low] : NULL;
}

// The items of `ids`, made where they are missing. Pointers stay good until the next call.
static void make(struct store *s, const int64_t *ids, size_t n)
{
    size_t before = s->npending;
    s->pending = mem_grow(s->pending, &s->pending_cap, before + n, sizeof *s->pending);
    for (size_t i = 0; i < n; i++) {
        size_t all = s->npending;
        s->npending = before; // only this part is sorted
        bool there = pending_find(s, ids[i]) != NULL;
        s->npending = all;
        if (!there)
            s->pending[s->npending++] = (struct pending){.id = ids[i]};
    }
    if (s->npending == before)
        return;
    qsort(s->pending, s->npending, sizeof *s->pending, by_id);
    size_t kept = 0; // ids may have named one twice; those are both fresh
    for (size_t i = 0; i < s->npending; i++)
        if (kept == 0 || s->pending[kept - 1].id != s->pending[i].id)
            s->pending[kept++] = s->pending[i];
    s->npending = kept;
}

static struct pending *item(struct store *s, int64_t id)
{
    return (struct pending *)pending_find(s, id); // ours to change
}

// A bookmark is read when its entry is; 0 when that is gone.
static int64_t entry_of(struct store *s, int64_t id)
{
    static const char query[] = "SELECT entry FROM bookmark WHERE id = ?";
    int64_t entry = 0;
    if (id > 0)
        return id;
    sql_int(s, NULL, 0, &entry, query, "i", -id);
    return entry;
}

void store_set_read(struct store *s, const int64_t *ids, size_t n, bool read)
{
    int64_t *entries = mem_array(n, sizeof *entries);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if ((entries[count] = entry_of(s, ids[i])) > 0)
            count++;
    make(s, entries, count);
    for (size_t i = 0; i < count; i++) {
        struct pending *p = item(s, entries[i]);
        p->has_read = true;
        p->read = read;
    }
    free(entries);
    s->deltas_good = false;
    if (s->npending > MANY)
        store_flush(s, 0, NULL);
}

// An entry and the bookmark that shows the same text are one place.
int64_t store_twin(struct store *s, int64_t id)
{
    static const char bookmark[] = "SELECT -b.id FROM entry e JOIN bookmark b ON b.id = e.bookmark "
                                   "AND b.text = e.text AND b.removed = 0"
                                   " WHERE e.id = ?";
    static const char entry[] = "SELECT e.id FROM bookmark b JOIN entry e ON e.id = b.entry AND "
                                "e.bookmark = b.id AND e.text = b.text"
                                " WHERE b.id = ?";
    int64_t other = 0;
    sql_int(s, NULL, 0, &other, id > 0 ? bookmark : entry, "i", id > 0 ? id : -id);
    return other;
}

void store_set_place(struct store *s, int64_t id, uint32_t off, double progress, int64_t now)
{
    if (!(progress >= 0)) // NaN too
        progress = 0;
    int64_t ids[2] = {id, store_twin(s, id)};
    size_t n = ids[1] ? 2 : 1;
    make(s, ids, n);
    for (size_t i = 0; i < n; i++) {
        struct pending *p = item(s, ids[i]);
        p->has_place = true;
        p->place = off;
        p->progress = progress > 1 ? 1 : progress;
        p->opened = now;
    }
    s->deltas_good = false;
}

void store_set_note(struct store *s, int64_t bookmark, const char *note)
{
    if (bookmark >= 0)
        return;
    make(s, &bookmark, 1);
    struct pending *p = item(s, bookmark);
    free(p->note);
    p->has_note = true;
    p->note = note ? utf8_clean_dup(note, strlen(note), UTF8_TEXT) : NULL;
    if (p->note && !p->note[strspn(p->note, " \t\n")]) {
        free(p->note);
        p->note = NULL;
    }
}

int pending_started(uint32_t place, double progress)
{
    return progress >= 1 ? 2 : progress > 0 || place > 0 ? 1 : 0;
}

size_t store_pending(const struct store *s)
{
    return s->npending + s->nmarks + s->nops;
}

bool pending_write(struct store *s, struct err *e)
{
    static const char read[] =
        "UPDATE OR FAIL entry SET unread = ?2 WHERE id = ?1 AND unread <> ?2";
    static const char entry[] = "UPDATE OR FAIL entry SET place = ?2, progress = ?3, opened = ?4, "
                                "started = ?5 WHERE id = ?1";
    static const char bookmark[] =
        "UPDATE bookmark SET place = ?2, progress = ?3, opened = ?4, started = ?5 WHERE id = ?1";
    static const char note[] = "UPDATE bookmark SET note = ?2 WHERE id = ?1 AND note IS NOT ?2";
    for (size_t i = 0; i < s->npending; i++) {
        const struct pending *p = &s->pending[i];
        if (p->has_read && !sql_do(s, e, read, "ii", p->id, (int64_t)!p->read))
            return false;
        if (p->has_place && !sql_do(s, e, p->id > 0 ? entry : bookmark, "iidii",
                                    p->id > 0 ? p->id : -p->id, (int64_t)p->place, p->progress,
                                    p->opened, (int64_t)pending_started(p->place, p->progress)))
            return false;
        if (p->has_note && !sql_do(s, e, note, "it", -p->id, p->note))
            return false;
    }
    return marks_write(s, e) && highlights_write(s, e);
}

void pending_written(struct store *s)
{
    for (size_t i = 0; i < s->npending; i++)
        free(s->pending[i].note);
    s->npending = s->nmarks = 0;
    highlights_written(s);
    s->deltas_good = false;
    if (s->pending_cap > 1024) {
        free(s->pending);
        s->pending = NULL;
        s->pending_cap = 0;
    }
}

// Whoever waits for nothing (the reader's idle moments) does not wait for the disk either: what is
// written then is safe from a crash of Lectern at once and from a power cut with the next flush
// that may wait, or at the end.
bool store_flush(struct store *s, int wait_ms, struct err *e)
{
    if (!store_pending(s) && (!s->unsynced || wait_ms <= 0))
        return true;
    if (!s->writable)
        return err_set(e, ERR_OTHER,
                       "the library %s is open for reading only: what was read is not kept",
                       s->path);
    int before = s->wait_ms;
    bool sync = wait_ms > 0;
    s->wait_ms = wait_ms;
    bool ok = !sync || sql_exec(s, "PRAGMA synchronous = FULL", e);
    ok = ok && sql_write_begin(s, e);
    s->wait_ms = before;
    if (ok) {
        static const char touch[] =
            "INSERT INTO value VALUES('flushed', '1') ON CONFLICT DO UPDATE SET value = value + 1";
        // With nothing new to write there is still something to wait for: one row makes the log go
        // to the disk.
        ok = store_pending(s) ? pending_write(s, e) : sql_do(s, e, touch, "");
        ok = sql_write_end(s, ok, e);
    }
    if (sync)
        sql_exec(s, "PRAGMA synchronous = NORMAL", NULL);
    if (!ok)
        return false;
    pending_written(s);
    s->unsynced = !sync;
    return true;
}

static struct tally_delta *delta_of(struct store *s, int64_t feed)
{
    for (size_t i = 0; i < s->ndeltas; i++)
        if (s->deltas[i].feed == feed)
            return &s->deltas[i];
    s->deltas = mem_grow(s->deltas, &s->deltas_cap, s->ndeltas + 1, sizeof *s->deltas);
    s->deltas[s->ndeltas] = (struct tally_delta){.feed = feed};
    return &s->deltas[s->ndeltas++];
}

static bool count_entry(struct store *s, const struct pending *p, struct err *e)
{
    static const char query[] = "SELECT feed, unread, started FROM entry WHERE id = ?";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", p->id);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0;
    int64_t unread = p->has_read ? !p->read - sql_col(st, 1) : 0;
    int64_t started =
        p->has_place ? (pending_started(p->place, p->progress) == 1) - (sql_col(st, 2) == 1) : 0;
    int64_t feeds[2] = {sql_col(st, 0), STORE_ALL};
    sql_done(st);
    for (int i = 0; i < 2; i++) {
        struct tally_delta *d = delta_of(s, feeds[i]);
        d->unread += unread;
        d->started += started;
    }
    return true;
}

static bool count_bookmark(struct store *s, const struct pending *p, struct err *e)
{
    static const char alone[] = BOOKMARK_ALONE;
    int64_t was;
    if (!sql_int(s, e, -1, &was, alone, "i", -p->id))
        return false;
    if (was >= 0 && p->has_place)
        delta_of(s, STORE_ALL)->started +=
            (pending_started(p->place, p->progress) == 1) - (was == 1);
    return true;
}

bool pending_delta(struct store *s, int64_t feed, struct tally_delta *out, struct err *e)
{
    *out = (struct tally_delta){.feed = feed};
    if (!s->npending)
        return true;
    int64_t version = store_version(s);
    if (!s->deltas_good || version != s->deltas_version) {
        s->ndeltas = 0;
        for (size_t i = 0; i < s->npending; i++) {
            const struct pending *p = &s->pending[i];
            if (!(p->id > 0 ? count_entry(s, p, e) : count_bookmark(s, p, e)))
                return false;
        }
        s->deltas_good = true;
        s->deltas_version = version;
    }
    for (size_t i = 0; i < s->ndeltas; i++)
        if (s->deltas[i].feed == feed)
            *out = s->deltas[i];
    return true;
}
