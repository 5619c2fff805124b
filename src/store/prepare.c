// From what a feed said to what will be written: identity and change by hashes, unchanged entries
// dropped before they cost anything, bodies compressed in packs. Runs on the parsers' threads, so
// that the one writer only copies bytes.
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "store/store.h"

static uint64_t number(int64_t n, uint64_t seed)
{
    return hash_bytes(&n, sizeof n, seed);
}

uint64_t entry_text_hash(const struct feed_entry *e)
{
    uint64_t h = hash_string(e->title, hash_string(e->subtitle, 0));
    h = e->content ? hash_bytes(e->content, e->content_len, h) : number(-1, h);
    return hash_string(e->summary, h);
}

// Everything that is kept, but `updated`: a time stamp that moves alone is no change.
static uint64_t whole_hash(const struct feed_entry *e, const char *author, uint64_t text)
{
    uint64_t h = number(e->published, text);
    h = number((int64_t)e->type << 8 | (int64_t)e->summary_type << 4 | e->preview, h);
    const char *const strings[] = {e->url,   e->external_url, e->base, e->language,
                                   e->image, e->comments,     author};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        h = hash_string(strings[i], h);
    for (size_t i = 0; i < e->nenclosures; i++) {
        h = hash_string(e->enclosures[i].url, h);
        h = hash_string(e->enclosures[i].type, h);
        h = number(e->enclosures[i].seconds, h);
        h = number(e->enclosures[i].size, h);
    }
    for (size_t i = 0; i < e->nlinks; i++)
        h = hash_string(e->links[i].rel, hash_string(e->links[i].url, h));
    for (size_t i = 0; i < e->ncategories; i++)
        h = hash_string(e->categories[i], h);
    return h ? h : 1; // 0 stands for what was thrown away
}

static const char *byline(struct arena *a, const struct person *people, size_t n)
{
    struct buf out = {0};
    for (size_t i = 0; i < n; i++) {
        if (!people[i].name || !*people[i].name)
            continue;
        if (out.len)
            buf_str(&out, ", ");
        buf_str(&out, people[i].name);
    }
    const char *line = out.len ? arena_strndup(a, out.data, out.len) : NULL;
    buf_free(&out);
    return line;
}

struct identity {
    uint64_t guid;
    size_t at;
};

static int by_guid(const void *x, const void *y)
{
    const struct identity *a = x, *b = y;
    if (a->guid != b->guid)
        return a->guid < b->guid ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static bool one_address(const struct feed_update *u, const struct identity *group, size_t n)
{
    const char *first = u->entries[group[0].at].url;
    for (size_t i = 1; i < n; i++) {
        const char *url = u->entries[group[i].at].url;
        if (!first != !url || (url && strcmp(first, url) != 0))
            return false;
    }
    return true;
}

// Walks the groups of equal guids. Parting gives each of a group an identity by its address, where
// those differ; otherwise all but the first of a group are left out (guid 0).
static void settle(const struct feed_update *u, struct identity *ids, uint64_t *guids, bool part)
{
    size_t n = u->nentries;
    for (size_t i = 0; i < n; i++)
        ids[i] = (struct identity){guids[i], i};
    qsort(ids, n, sizeof *ids, by_guid);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && ids[j].guid == ids[i].guid; j++)
            ;
        if (j - i == 1 || (part && one_address(u, ids + i, j - i)))
            continue;
        for (size_t k = part ? i : i + 1; k < j; k++)
            guids[ids[k].at] = part ? hash_string(u->entries[ids[k].at].url, ids[k].guid) : 0;
    }
}

// Feeds that give several essays one guid (their own address, mostly) part them by address; a true
// double is the first.
uint64_t *prepare_identities(const struct feed_update *u)
{
    struct identity *ids = mem_array(u->nentries, sizeof *ids);
    uint64_t *guids = mem_array(u->nentries, sizeof *guids);
    for (size_t i = 0; i < u->nentries; i++)
        guids[i] = hash_string(u->entries[i].guid, 0);
    settle(u, ids, guids, true);
    settle(u, ids, guids, false);
    free(ids);
    return guids;
}

static const struct known_entry *find_known(const struct fetch_state *known, uint64_t guid)
{
    size_t low = 0, high = known ? known->nknown : 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (known->known[mid].guid_hash < guid)
            low = mid + 1;
        else
            high = mid;
    }
    return known && low < known->nknown && known->known[low].guid_hash == guid ? &known->known[low]
                                                                               : NULL;
}

struct preparer {
    struct packer packer;
    struct buf raw; // the pack that is being filled
};

struct preparer *store_preparer_new(void)
{
    return mem_alloc(sizeof(struct preparer));
}

void store_preparer_free(struct preparer *r)
{
    if (!r)
        return;
    packer_free(&r->packer);
    buf_free(&r->raw);
    free(r);
}

// The first len bytes of the pack that is being filled become a pack; the others begin the next.
static void seal(struct prepared *p, struct preparer *r, size_t len)
{
    if (!len)
        return;
    p->packs = mem_grow(p->packs, &p->packs_cap, p->npacks + 1, sizeof *p->packs);
    struct prepared_pack *pack = &p->packs[p->npacks++];
    pack->data = pack_compress(&r->packer, r->raw.data, len, &pack->len);
    p->packed_bytes += pack->len;
    memmove(r->raw.data, r->raw.data + len, r->raw.len - len + 1);
    r->raw.len -= len;
}

static void describe(struct prepared *p, const struct feed_update *u)
{
    struct arena *a = p->arena;
    p->title = u->title && *u->title ? arena_strdup(a, u->title) : NULL;
    p->home = arena_strdup(a, u->home);
    p->subtitle = arena_strdup(a, u->subtitle);
    p->language = arena_strdup(a, u->language);
    p->image = arena_strdup(a, u->image);
    p->cut_short = u->cut_short;
    uint64_t h = number(u->cut_short, 0);
    const char *const strings[] = {p->title, p->home, p->subtitle, p->language, p->image};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        h = hash_string(strings[i], h);
    p->meta = h ? h : 1;
}

static void keep(struct arena *a, struct prepared_entry *out, const struct feed_entry *e)
{
    out->published = e->published;
    out->flags = e->preview ? ITEM_PREVIEW : 0;
    out->words = e->words;
    out->title = arena_strdup(a, e->title ? e->title : "");
    out->subtitle = arena_strdup(a, e->subtitle);
    out->url = arena_strdup(a, e->url);
    for (size_t i = 0; i < e->nenclosures; i++) {
        const struct enclosure *n = &e->enclosures[i];
        if (n->kind != ENCLOSURE_AUDIO || !n->url)
            continue;
        if (out->naudio++ == 0) {
            out->audio = arena_strdup(a, n->url);
            out->audio_seconds = n->seconds;
        }
    }
}

struct prepared *store_prepare_with(struct preparer *r, const struct feed_update *u,
                                    const struct fetch_state *known)
{
    struct prepared *p = mem_alloc(sizeof *p);
    p->arena = arena_new();
    describe(p, u);
    const char *feed_author = byline(p->arena, u->authors, u->nauthors);
    uint64_t *guids = prepare_identities(u);
    p->entries = mem_array(u->nentries, sizeof *p->entries);
    for (size_t i = 0; i < u->nentries; i++) {
        const struct feed_entry *e = &u->entries[i];
        if (!guids[i])
            continue;
        uint64_t text = entry_text_hash(e);
        const char *author = byline(p->arena, e->authors, e->nauthors);
        if (!author)
            author = feed_author;
        uint64_t hash = whole_hash(e, author, text);
        const struct known_entry *k = find_known(known, guids[i]);
        if (k && (k->content_hash == 0 || k->content_hash == hash))
            continue;
        size_t from = r->raw.len;
        record_write(&r->raw, e, u->language);
        if (from && r->raw.len > PACK_SIZE) {
            seal(p, r, from);
            from = 0;
        }
        struct prepared_entry *out = &p->entries[p->n++];
        *out =
            (struct prepared_entry){.guid = guids[i], .hash = hash, .text = text, .author = author};
        out->pack = p->npacks;
        out->off = from;
        out->len = r->raw.len - from;
        keep(p->arena, out, e);
    }
    seal(p, r, r->raw.len);
    if (r->raw.cap > 4 * PACK_SIZE)
        buf_free(&r->raw);
    free(guids);
    return p;
}

struct prepared *store_prepare(const struct feed_update *u, const struct fetch_state *known)
{
    struct preparer *r = store_preparer_new();
    struct prepared *p = store_prepare_with(r, u, known);
    store_preparer_free(r);
    return p;
}

void store_prepared_free(struct prepared *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->npacks; i++)
        free(p->packs[i].data);
    free(p->packs);
    free(p->entries);
    arena_free(p->arena);
    free(p);
}

size_t store_prepared_bytes(const struct prepared *p)
{
    return sizeof *p + arena_bytes(p->arena) + p->packed_bytes + p->n * sizeof *p->entries;
}
