// Older essays: the walk. Where to begin, what is wanted of what comes, when it is enough, and what
// is kept after each step, so that it can go on another day, whatever ended it.
#include "older.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "lectern/client.h"
#include "lectern/hash.h"
#include "move.h"
#include "run.h"

enum {
    WRITE_WAIT_MS = 15000,
    MOST_STEPS = 1000, // of one walk
    MOST_BARREN = 3,   // documents in a row with nothing that was not met before
    BATCH = 8,         // essays that come one by one, written together
    BATCH_LONGEST = 10000,
};
#define AT_END "end"
#define GAPS "gaps " // before where it stands, or the end: not everything could be had

// ---- sets ----

bool set64_has(const struct set64 *s, uint64_t v)
{
    v = v ? v : 1;
    for (size_t i = s->cap ? (size_t)v & (s->cap - 1) : 0; s->cap && s->slots[i];
         i = (i + 1) & (s->cap - 1))
        if (s->slots[i] == v)
            return true;
    return false;
}

static void set64_put(struct set64 *s, uint64_t v)
{
    size_t i = (size_t)v & (s->cap - 1);
    while (s->slots[i])
        i = (i + 1) & (s->cap - 1);
    s->slots[i] = v;
}

bool set64_add(struct set64 *s, uint64_t v)
{
    v = v ? v : 1;
    if (set64_has(s, v))
        return false;
    if (2 * (s->n + 1) > s->cap) {
        struct set64 old = *s;
        s->cap = old.cap ? 2 * old.cap : 256;
        s->slots = mem_array(s->cap, sizeof *s->slots);
        for (size_t i = 0; i < old.cap; i++)
            if (old.slots[i])
                set64_put(s, old.slots[i]);
        free(old.slots);
    }
    set64_put(s, v);
    s->n++;
    return true;
}

void set64_free(struct set64 *s)
{
    free(s->slots);
    *s = (struct set64){0};
}

// ---- asking ----

bool walk_stopped(const struct walk *w)
{
    return w->opts->stop && *w->opts->stop;
}

static void tell(struct walk *w, int64_t waits)
{
    if (!w->opts->news)
        return;
    struct older_news n = {.pages = w->result.pages,
                           .added = w->result.added + (int64_t)w->nbatch,
                           .reached = w->result.reached,
                           .waits = waits,
                           .done = w->done};
    if (w->opts->limit) {
        double d = (double)n.added / (double)w->opts->limit;
        n.done = d > n.done ? d : n.done;
    }
    if (w->opts->since && w->newest > w->opts->since && n.reached) {
        double d = (double)(w->newest - n.reached) / (double)(w->newest - w->opts->since);
        n.done = d > n.done ? d : n.done;
    }
    n.done = n.done > 1 ? 1 : n.done;
    w->opts->news(w->opts->ctx, &n);
}

static void rest(struct walk *w, int64_t until_ms)
{
    for (int64_t left; !walk_stopped(w) && (left = until_ms - http_now_ms()) > 0;) {
        struct timespec t = {0, (left < 100 ? left : 100) * 1000000};
        nanosleep(&t, NULL);
    }
}

void walk_reply_free(struct walk_reply *r)
{
    buf_free(&r->body);
    free(r->url);
    free(r->content_type);
    free(r->content_location);
    *r = (struct walk_reply){0};
}

static void ask_once(struct walk *w, const char *url, bool feed, struct http_get *g)
{
    rest(w, w->asked_ms + conf_int(w->conf, CONF_ARCHIVE_PAUSE));
    *g = (struct http_get){.url = mem_strdup(url), .feed = feed};
    http_add(w->http, g);
    while (!http_next(w->http)) {
        if (walk_stopped(w))
            http_stop(w->http);
        else
            http_work(w->http, 200, -1);
    }
    w->asked_ms = http_now_ms();
}

bool walk_ask(struct walk *w, const char *url, bool feed, struct walk_reply *r, struct err *e)
{
    enum { WAITS = 2, PATIENCE = 600, A_MINUTE = 60 };
    struct http_get g;
    *r = (struct walk_reply){0};
    for (int waits = 0;; waits++) {
        ask_once(w, url, feed, &g);
        int64_t now = (int64_t)time(NULL), until = g.retry_after     ? g.retry_after
                                                   : g.status == 429 ? now + A_MINUTE
                                                                     : 0;
        if (g.how == HTTP_BODY || !until || until > now + PATIENCE || waits == WAITS ||
            walk_stopped(w))
            break;
        http_get_clear(&g);
        tell(w, until);
        rest(w, http_now_ms() + (until + 1 - now) * 1000);
    }
    size_t max = (size_t)conf_int(w->conf, CONF_FETCH_MAX) << 20;
    bool ok = g.how == HTTP_BODY && http_unpack(&g, w->unpacker, max, &r->body);
    r->status = g.status;
    if (ok) {
        r->url = g.effective;
        r->content_type = g.content_type;
        r->content_location = g.content_location;
        g.effective = g.content_type = g.content_location = NULL;
        w->result.pages++;
    } else if (g.how == HTTP_SAME) {
        err_set(e, ERR_NETWORK, "HTTP 304: an answer nobody asked for");
    } else {
        *e = g.err;
    }
    http_get_clear(&g);
    return ok;
}

bool walk_read(struct walk *w, const char *url, struct feed_update **u, bool *again, int *status,
               struct err *e)
{
    struct walk_reply r;
    bool ok = walk_ask(w, url, true, &r, e);
    *status = r.status;
    if (ok) {
        struct feed_source src = {r.url, r.content_type, r.content_location};
        uint64_t hash = hash_bytes(buf_cstr(&r.body), r.body.len, 0);
        *again = hash == w->last_body;
        w->last_body = hash;
        ok = feed_parse(buf_cstr(&r.body), r.body.len, &src, u, e);
    }
    walk_reply_free(&r);
    return ok;
}

// ---- what is wanted ----

// Is it from before what is asked for?
static bool meet(struct walk *w, int64_t date)
{
    bool old = w->opts->since && date > 0 && date < w->opts->since;
    w->older += old;
    w->younger += !old;
    return old;
}

// taken: of the same document, not yet counted.
static bool wanted(struct walk *w, int64_t date, size_t taken)
{
    if (date > w->newest)
        w->newest = date;
    if (meet(w, date)) {
        w->left_out = true;
        return false;
    }
    if (date > 0 && (!w->result.reached || date < w->result.reached))
        w->result.reached = date;
    w->full = w->opts->limit && w->result.added + (int64_t)(w->nbatch + taken) >= w->opts->limit;
    w->left_out = w->left_out || w->full;
    return !w->full;
}

bool walk_full(struct walk *w)
{
    w->full = w->opts->limit && w->result.added + (int64_t)w->nbatch >= w->opts->limit;
    w->left_out = w->left_out || w->full;
    return w->full;
}

bool walk_wants(struct walk *w, const char *url, int64_t date)
{
    bool new = set64_add(&w->met, hash_string(url, 0));
    w->barren = new ? 0 : w->barren;
    if (set64_has(&w->addresses, store_address_hash(url)) ||
        set64_has(&w->known, hash_string(url, 0))) {
        meet(w, date);
        return false;
    }
    return wanted(w, date, 0);
}

static bool write_batch(struct walk *w, const char *next, struct err *e);

bool walk_take(struct walk *w, struct feed_update *u, bool by_address, struct err *e)
{
    size_t n = 0;
    for (size_t i = 0; i < u->nentries; i++) {
        struct feed_entry *en = &u->entries[i];
        uint64_t guid = hash_string(en->guid, 0);
        if (set64_add(&w->met, guid))
            w->barren = 0;
        bool there =
            set64_has(&w->known, guid) ||
            (by_address && en->url && set64_has(&w->addresses, store_address_hash(en->url)));
        if (there)
            meet(w, en->published);
        else if (wanted(w, en->published, n)) {
            w->result.previews += en->preview;
            if (by_address && en->url)
                set64_add(&w->addresses, store_address_hash(en->url));
            u->entries[n++] = *en;
        }
    }
    u->nentries = n;
    w->misses = 0;
    if (!n) {
        feed_free(u);
        return true;
    }
    if (!w->nbatch)
        w->batch_ms = http_now_ms();
    w->batch = mem_grow(w->batch, &w->batch_cap, w->nbatch + n, sizeof *w->batch);
    w->batch[w->nbatch++] = u;
    for (size_t i = 1; i < n; i++) // a place for each essay, so that their number is known
        w->batch[w->nbatch++] = NULL;
    tell(w, 0);
    return (w->nbatch < BATCH && http_now_ms() - w->batch_ms < BATCH_LONGEST) ||
           write_batch(w, w->at, e);
}

bool walk_miss(struct walk *w, int status, struct err *e)
{
    bool ours = status == 0 || status == 429; // no answer at all, or no more answers
    if (ours || walk_stopped(w) || ++w->misses >= OLDER_MISSES)
        return false;
    w->gaps = true;
    w->result.missed++;
    e->kind = ERR_NONE;
    return true;
}

// ---- what is kept ----

static void gather(struct walk *w, struct feed_update *all)
{
    all->entries = mem_array(w->nbatch + 1, sizeof *all->entries);
    for (size_t i = 0; i < w->nbatch; i++) {
        const struct feed_update *u = w->batch[i];
        for (size_t k = 0; u && k < u->nentries; k++) {
            struct feed_entry *en = &all->entries[all->nentries++];
            *en = u->entries[k];
            if (!en->language)
                en->language = u->language;
            if (!en->nauthors) {
                en->authors = u->authors;
                en->nauthors = u->nauthors;
            }
        }
    }
    all->language = w->language;
}

static void let_go(struct walk *w)
{
    for (size_t i = 0; i < w->nbatch; i++)
        feed_free(w->batch[i]);
    w->nbatch = 0;
}

// Only what is not there yet is added: what the feed itself says of an essay is newer than what an
// archive says of it. own: the feed's own document, whose essays are new.
static bool apply(struct walk *w, const struct feed_update *u, bool own, struct err *e)
{
    struct arena *a = arena_new();
    struct fetch_state state = {0};
    struct apply_counts counts = {0};
    struct fetch_outcome o = {.when = (int64_t)time(NULL),
                              .older = true,
                              .archived = !own,
                              .unread = conf_bool(w->conf, CONF_ARCHIVE_UNREAD)};
    bool ok = store_fetch_state(w->store, w->feed, a, &state, e);
    for (size_t i = 0; ok && i < state.nknown; i++)
        state.known[i].content_hash = 0;
    if (ok) {
        struct prepared *p = store_prepare(u, &state);
        ok = store_apply(w->store, w->feed, p, &o, &counts, e);
        store_prepared_free(p);
    }
    arena_free(a);
    if (!own)
        w->result.added += counts.added;
    return ok;
}

static bool write_batch(struct walk *w, const char *next, struct err *e)
{
    char key[FETCH_KEY];
    fetch_key(key, "older", w->feed);
    int64_t before = w->result.added;
    struct feed_update all = {.title = ""};
    gather(w, &all);
    bool begun = store_begin(w->store, e), ok = begun;
    ok = ok && (!all.nentries || apply(w, &all, false, e));
    if (!w->left_out && (!w->misses || !next)) { // a row of misses may be the server's fault
        char *at = mem_printf("%s%s", w->gaps ? GAPS : "", next ? next : AT_END);
        ok = ok && store_put(w->store, key, at, e);
        free(at);
    }
    if (begun && ok)
        ok = store_commit(w->store, e);
    else if (begun)
        store_rollback(w->store);
    for (size_t i = 0; ok && i < all.nentries; i++)
        set64_add(&w->known, hash_string(all.entries[i].guid, 0));
    if (!ok)
        w->result.added = before;
    free(all.entries);
    let_go(w);
    return ok;
}

bool walk_on(struct walk *w, char *next, struct err *e)
{
    bool ok = write_batch(w, next, e);
    free(w->at);
    w->at = next;
    tell(w, 0);
    return ok;
}

// ---- where to begin ----

static const struct older_source *const sources[] = {&older_pages, &older_paged, &older_wordpress,
                                                     &older_substack, &older_sitemap};

static const struct older_source *source_of(const char *at, const char **where)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        size_t n = strlen(sources[i]->name);
        *where = at + n + 1;
        if (strncmp(at, sources[i]->name, n) == 0 && at[n] == ' ')
            return sources[i];
    }
    *where = at; // as it was kept before there were other sources
    return &older_pages;
}

// "https://example.org/blog/feed/" -> "https://example.org/blog"
static char *site_of(const char *feed, const char *home)
{
    size_t len = strcspn(feed, "?#");
    while (len && feed[len - 1] == '/')
        len--;
    if (len > 5 && strncmp(feed + len - 5, "/feed", 5) == 0)
        return mem_strndup(feed, len - 5);
    char *root = feed_resolve(feed, home ? home : "/");
    len = root ? strlen(root) : 0;
    while (len && root[len - 1] == '/')
        root[--len] = '\0';
    return root;
}

static bool is_substack(const struct feed_update *u, const char *url)
{
    char host[256] = "";
    http_host(url, host, sizeof host);
    size_t len = strlen(host);
    return (u->generator && strcasestr(u->generator, "substack")) ||
           (len > 13 && strcmp(host + len - 13, ".substack.com") == 0);
}

static bool only_summaries(const struct feed_update *u)
{
    size_t n = 0;
    for (size_t i = 0; i < u->nentries; i++)
        n += !u->entries[i].content;
    return 2 * n > u->nentries;
}

static char *first_place(struct walk *w, const struct feed_update *u, const char *url)
{
    const char *to = u->prev_archive ? u->prev_archive : u->next;
    if (to && http_is_web(to) && set64_add(&w->asked, hash_string(to, 0)))
        return mem_printf("pages %s", to);
    char *site = site_of(url, u->home), *place = NULL;
    if (site && is_substack(u, url))
        place = mem_printf("substack 0 %s", site);
    else if (site && u->generator && strcasestr(u->generator, "wordpress"))
        place =
            only_summaries(u) ? mem_printf("wordpress 1 %s", site) : mem_printf("paged 2 %s", url);
    else if (site)
        place = mem_printf("sitemap %s", site);
    free(site);
    return place;
}

// The feed's own document: what is new in it is new, what it names is where the walk begins.
static bool own_document(struct walk *w, struct err *e)
{
    struct walk_reply r;
    struct feed_update *u = NULL;
    set64_add(&w->asked, hash_string(w->address, 0));
    bool ok = walk_ask(w, w->address, true, &r, e);
    if (ok) {
        struct feed_source src = {r.url, r.content_type, r.content_location};
        w->last_body = hash_bytes(buf_cstr(&r.body), r.body.len, 0);
        ok = feed_parse(buf_cstr(&r.body), r.body.len, &src, &u, e);
    }
    if (ok) {
        set64_add(&w->asked, hash_string(r.url, 0));
        for (size_t i = 0; i < u->nentries; i++) {
            set64_add(&w->met, hash_string(u->entries[i].guid, 0));
            set64_add(&w->known, hash_string(u->entries[i].guid, 0));
            if (u->entries[i].url)
                set64_add(&w->addresses, store_address_hash(u->entries[i].url));
            if (u->entries[i].published > w->newest)
                w->newest = u->entries[i].published;
        }
        ok = apply(w, u, true, e);
        w->result.complete = u->complete;
        if (ok && !u->complete)
            w->at = first_place(w, u, r.url);
    }
    w->result.pages = 0; // of the archive
    feed_free(u);
    walk_reply_free(&r);
    return ok;
}

// Where to begin: where the last walk stopped, else what the feed's own document leads to.
static bool begin(struct walk *w, struct err *e)
{
    char key[FETCH_KEY];
    const char *kept = NULL;
    struct fetch_state state = {0};
    uint64_t *addresses = NULL;
    size_t n = 0;
    fetch_key(key, "older", w->feed);
    if (!store_get(w->store, key, w->arena, &kept, e) ||
        !store_fetch_state(w->store, w->feed, w->arena, &state, e) ||
        !store_feed_addresses(w->store, w->feed, &addresses, &n, e))
        return false;
    for (size_t i = 0; i < state.nknown; i++)
        set64_add(&w->known, state.known[i].guid_hash);
    for (size_t i = 0; i < n; i++)
        set64_add(&w->addresses, addresses[i]);
    free(addresses);
    bool gaps = kept && strncmp(kept, GAPS, strlen(GAPS)) == 0;
    kept = gaps ? kept + strlen(GAPS) : kept;
    bool ended = kept && strcmp(kept, AT_END) == 0;
    if (!kept || !*kept || ended) {
        w->once_more = ended && !gaps;
        return own_document(w, e);
    }
    w->gaps = gaps;
    set64_add(&w->asked, hash_string(w->address, 0));
    w->at = mem_strdup(kept);
    return true;
}

// ---- the walk ----

static bool enough(struct walk *w)
{
    if (w->full || (w->older && !w->younger) || walk_stopped(w))
        return true;
    if (w->opts->pages && w->result.pages >= w->opts->pages)
        return true;
    if (w->barren >= MOST_BARREN)
        w->result.endless = "its server shows the same essays again and again";
    else if (w->steps >= MOST_STEPS)
        w->result.endless = "its server leads on and on";
    return w->result.endless != NULL;
}

static bool walk(struct walk *w, struct err *e)
{
    if (!begin(w, e))
        return false;
    enum older_step step = STEP_ON;
    while (w->at && step == STEP_ON && !enough(w)) {
        const char *where;
        const struct older_source *s = source_of(w->at, &where);
        int64_t before = w->result.added;
        w->result.source = s->title;
        w->barren++;
        w->steps++;
        w->older = w->younger = 0;
        step = s->step(w, where, e);
        if (step == STEP_FAILED) {
            struct err why = *e;
            write_batch(w, w->at, e); // what came before the fault
            *e = why;
            return false;
        }
        if (step == STEP_NOT) {
            w->result.source = NULL;
            step = w->at ? STEP_ON : STEP_END;
        }
        bool nothing_new =
            w->once_more && w->result.added + (int64_t)w->nbatch == before && !w->left_out;
        if ((step == STEP_END || nothing_new) && !walk_on(w, NULL, e))
            return false;
    }
    if (w->barren >= MOST_BARREN && w->at && !walk_on(w, NULL, e))
        return false;
    w->result.more = w->at != NULL || w->left_out;
    return w->nbatch ? write_batch(w, w->at, e) : true;
}

// One walk at a time: it is our servers' peace.
static bool lock(const char *library, int *fd, struct err *e)
{
    char *path = mem_printf("%s-archive", library);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int why = errno;
    bool ok = *fd >= 0 || err_set(e, why == ENOSPC ? ERR_FULL : ERR_OTHER,
                                  "cannot write beside the library: %s: %s", path, strerror(why));
    free(path);
    if (ok && flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        return err_set(e, ERR_BUSY,
                       "older essays are being brought in already; try again when "
                       "that has finished");
    }
    return ok;
}

void older_words(const struct older_result *r, struct buf *out)
{
    if (r->complete) {
        buf_str(out, "the feed says that it has all its essays: there is nothing older");
        return;
    }
    if (!r->source) {
        buf_str(out, "the feed names nothing older, and nothing else was found that does");
        return;
    }
    if (r->added)
        buf_printf(out, "%lld older essay%s from %s", (long long)r->added, r->added == 1 ? "" : "s",
                   r->source);
    else
        buf_printf(out, "nothing older than what is here in %s", r->source);
    if (r->previews)
        buf_printf(out, "; of %lld only the preview, the rest is for those who pay",
                   (long long)r->previews);
    if (r->missed)
        buf_printf(out, "; %lld could not be had", (long long)r->missed);
    if (r->endless)
        buf_printf(out, "; left there, since %s", r->endless);
}

bool client_older_ended(struct store *s, int64_t feed)
{
    char key[FETCH_KEY];
    const char *at = NULL;
    struct arena *a = arena_new();
    fetch_key(key, "older", feed);
    bool ended = store_get(s, key, a, &at, NULL) && at && strcmp(at, AT_END) == 0;
    arena_free(a);
    return ended;
}

bool fetch_older(const char *library, const struct conf *c, int64_t feed,
                 const struct older_opts *o, struct older_result *out, struct err *e)
{
    struct walk w = {.conf = c, .opts = o, .feed = feed, .done = -1, .arena = arena_new()};
    struct feed_row row;
    const char *hosts = NULL;
    int fd = -1;
    bool ok = store_open(library, STORE_WRITE, &w.store, e) &&
              store_feed(w.store, feed, w.arena, &row, e);
    if (ok && !http_is_web(row.address))
        ok = err_set(e, ERR_USAGE, "%s is not on the web: all there is of it is here", row.title);
    ok = ok && lock(library, &fd, e) && http_new(c, &w.http, e);
    if (ok) {
        w.address = row.address;
        w.language = row.language;
        w.unpacker = unpacker_new();
        store_set_wait(w.store, WRITE_WAIT_MS);
        store_get(w.store, HOSTS_KEY, w.arena, &hosts, NULL);
        hosts_block(w.http, hosts);
        ok = walk(&w, e);
        hosts_save(w.http, w.store, hosts);
    }
    let_go(&w);
    free(w.batch);
    free(w.at);
    set64_free(&w.asked);
    set64_free(&w.met);
    set64_free(&w.known);
    set64_free(&w.addresses);
    older_site_free(w.sitemap);
    unpacker_free(w.unpacker);
    http_free(w.http);
    store_close(w.store);
    if (fd >= 0)
        close(fd);
    arena_free(w.arena);
    *out = w.result; // also what came before a fault
    return ok;
}
