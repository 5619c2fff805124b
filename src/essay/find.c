// A search under way. In this order: what the index has; the newest of what it does not have yet,
// where that is little; then rows, best first; then what was too much to be weighed, by date; at
// the end the rest of what is not indexed, which is read and asked itself. No step takes long.
#include "lectern/find.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "find_state.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum {
    STEP_MS = 10,
    BLOCK = 256,
    SCANNED = 4, // essays read at a time
    FEW = 64,    // not indexed: looked through before anything is shown
};

// ---- asking a row ----

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

static bool in_set(const struct set *s, int64_t item)
{
    return s->n && bsearch(&item, s->items, s->n, sizeof *s->items, by_id);
}

// The name of its feed, and for `tag:` the tags of the feed and of its bookmark.
static void dress(const struct finding *f, struct store *s, struct item_row *r, struct arena *a)
{
    const char **tags = arena_alloc(a, 64 * sizeof *tags);
    size_t n = 0;
    for (size_t i = 0; i < f->feeds.n; i++)
        if (f->feeds.items[i].id == r->feed_id) {
            r->feed_title = f->feeds.items[i].title;
            for (const char **t = f->feeds.items[i].tags; t && *t && n < 32; t++)
                tags[n++] = *t;
        }
    struct item_row kept = {0}, whole = {0};
    if (store_rows(s, &r->id, 1, a, &whole, NULL) && whole.id)
        r->flags |= whole.flags;
    if (r->bookmark && store_rows(s, &r->bookmark, 1, a, &kept, NULL) && kept.id) {
        for (const char **t = kept.tags; t && *t && n < 63; t++)
            tags[n++] = *t;
        r->kept = kept.kept;
        r->flags |= kept.flags & (ITEM_NOTED | ITEM_HIGHLIGHTED);
        if (!r->feed_title)
            r->feed_title = kept.feed_title;
    }
    r->tags = tags;
}

// texts: asked themselves; NULL: the index has been asked for them.
static bool passes(const struct finding *f, const struct item_row *r,
                   const struct finding_texts *texts)
{
    const struct sieve *s = f->sieve;
    for (size_t i = 0, end; i < s->n; i = end) {
        bool holds = false;
        end = sieve_clause(s, i);
        if (!texts && f->positive && finding_only_texts(f, i, end))
            continue;
        for (size_t k = i; k < end && !holds; k++) {
            const struct term *t = &s->terms[k];
            bool has = !term_of_text(t) ? term_holds(t, r)
                       : texts          ? term_in(t, texts)
                                        : in_set(&f->sets[k], r->id);
            holds = has != t->not ;
        }
        if (!holds)
            return false;
    }
    return true;
}

static bool is_noted(const struct finding *f, int64_t item)
{
    return f->nnoted && bsearch(&item, f->noted, f->nnoted, sizeof *f->noted, by_id);
}

// The row of an item that the index has, if it passes.
static bool row_of(struct finding *f, struct store *s, int64_t item, struct item_row *r)
{
    if (is_noted(f, item) || !search_facts(s, item, r, NULL) || !r->id || search_twin(s, item))
        return false;
    if (!f->arena)
        return passes(f, r, NULL);
    struct arena *a = arena_new();
    dress(f, s, r, a);
    bool ok = passes(f, r, NULL);
    arena_free(a);
    return ok;
}

static void emit(struct finding *f, int64_t id)
{
    f->ids = mem_grow(f->ids, &f->cap, f->n + 1, sizeof *f->ids);
    f->ids[f->n++] = id;
}

static void weigh_in(struct finding *f, int64_t id, int64_t published, double rank)
{
    f->weighed = mem_grow(f->weighed, &f->weighed_cap, f->nweighed + 1, sizeof *f->weighed);
    f->weighed[f->nweighed++] = (struct found){id, published, rank};
}

// ---- stages; each does a part, and is over when it says so ----

static bool begin(struct finding *f, struct store *s, struct err *e)
{
    bool names = false, words = false;
    for (size_t i = 0; i < f->sieve->n; i++) {
        const struct term *t = &f->sieve->terms[i];
        names |= t->field == FEED || t->field == TAG || t->field >= KEPT_AFTER ||
                 (t->field == FLAG && t->set & (ITEM_NOTED | ITEM_HIGHLIGHTED));
        words |= term_of_text(&f->sieve->terms[i]);
    }
    if (names) {
        f->arena = arena_new();
        if (!store_feeds(s, f->arena, &f->feeds, e))
            return false;
    }
    f->scan = INT64_MAX;
    f->sort = f->before;
    f->id = f->before == INT64_MAX ? INT64_MAX : INT64_MIN;
    if (!words) { // rows say all that is asked
        f->base.entries = f->base.bookmarks = INT64_MAX;
        return f->scanned = true;
    }
    int64_t of;
    return search_base_load(s, &f->base, e) && search_progress(s, &f->unindexed, &of, e);
}

// A term the index must be asked for by itself: it shares its clause with what is no word, or
// nothing else is asked for.
static bool wants_set(const struct finding *f, size_t i)
{
    size_t from = 0;
    while (sieve_clause(f->sieve, from) <= i)
        from = sieve_clause(f->sieve, from);
    return term_of_text(&f->sieve->terms[i]) &&
           (!f->positive || !finding_only_texts(f, from, sieve_clause(f->sieve, from)));
}

static bool ask_set(struct finding *f, struct store *s, bool *over, struct err *e)
{
    while (f->set < f->sieve->n && !wants_set(f, f->set))
        f->set++;
    *over = f->set == f->sieve->n;
    if (*over)
        return true;
    const struct search_clause c = {&f->terms[f->set], 1, false};
    bool more = true;
    if (!search_open(s, &f->base, &c, 1, &f->search, e))
        return false;
    while (more)
        if (!search_step(f->search, &more, e))
            return false;
    struct set *set = &f->sets[f->set++];
    size_t n;
    const struct search_hit *hits = search_hits(f->search, &n);
    set->items = mem_array(n + 1, sizeof *set->items);
    for (size_t i = 0; i < n; i++)
        set->items[set->n++] = hits[i].item;
    qsort(set->items, set->n, sizeof *set->items, by_id);
    search_close(f->search);
    f->search = NULL;
    return true;
}

static bool ask(struct finding *f, struct store *s, bool *over, struct err *e)
{
    bool more = false;
    if (f->positive && !f->search &&
        !search_open(s, &f->base, f->clauses, f->nclauses, &f->search, e))
        return false;
    if (f->positive && !search_step(f->search, &more, e))
        return false;
    if (f->positive)
        f->hits = search_hits(f->search, &f->nhits);
    *over = !more;
    return true;
}

// Reads an item and asks it. *rank: what it weighs.
static bool read_passes(const struct finding *f, struct store *s, int64_t item, int64_t *published,
                        double *rank)
{
    struct arena *a = arena_new();
    struct item_body body;
    struct finding_texts x;
    bool ok = !search_twin(s, item) && store_item(s, item, a, &body, NULL);
    if (ok) {
        char *note = finding_note(f, item);
        texts_of(&body, note, &x);
        dress(f, s, &body.row, a);
        ok = passes(f, &body.row, &x);
        *published = body.row.published;
        *rank = texts_rank(f->sieve, &x);
        texts_free(&x);
        free(note);
    }
    arena_free(a);
    return ok;
}

static size_t first_note(const struct finding *f, int64_t item)
{
    size_t low = 0, high = f->nnotes;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (f->notes[mid].item < item)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

char *finding_note(const struct finding *f, int64_t item)
{
    struct buf b = {0};
    for (size_t i = first_note(f, item); i < f->nnotes && f->notes[i].item == item; i++)
        buf_printf(&b, "%s%s", b.len ? "\n" : "", f->notes[i].text);
    return b.len ? buf_take(&b, NULL) : NULL;
}

static bool has_some(const struct finding *f, const char *note)
{
    struct finding_texts x = {.column[NOTE_COLUMN] = tokens_new(note, strlen(note))};
    bool some = false;
    for (size_t i = 0; i < f->sieve->n && !some; i++)
        some = f->sieve->terms[i].field == ANY && term_in(&f->sieve->terms[i], &x);
    tokens_free(&x.column[NOTE_COLUMN]);
    return some;
}

// Notes are not in the index: an item to which its reader wrote some of the words is asked itself.
static bool look_through_notes(struct finding *f, struct store *s, struct err *e)
{
    size_t cap = 0;
    f->note_arena = arena_new();
    if (!search_notes(s, f->note_arena, &f->notes, &f->nnotes, e))
        return false;
    for (size_t i = 0; i < f->nnotes; i++) {
        int64_t item = f->notes[i].item;
        if ((i && f->notes[i - 1].item == item)) // all of them are asked at the first
            continue;
        char *note = finding_note(f, item);
        if (has_some(f, note)) {
            f->noted = mem_grow(f->noted, &cap, f->nnoted + 1, sizeof *f->noted);
            f->noted[f->nnoted++] = item;
        }
        free(note);
    }
    for (size_t i = 0; i < f->nnoted; i++) {
        int64_t published;
        double rank;
        if (read_passes(f, s, f->noted[i], &published, &rank))
            weigh_in(f, f->noted[i], published, rank);
    }
    return true;
}

// Reads some of what is not indexed and asks it.
static bool scan(struct finding *f, struct store *s, bool show, struct err *e)
{
    int64_t items[SCANNED];
    size_t n;
    if (!search_unindexed(s, &f->base, &f->scan, SCANNED, items, &n, e))
        return false;
    f->scanned = n == 0;
    for (size_t i = 0; i < n; i++) {
        int64_t published;
        double rank;
        bool found = !is_noted(f, items[i]) && read_passes(f, s, items[i], &published, &rank);
        if (found && show)
            emit(f, items[i]);
        else if (found)
            weigh_in(f, items[i], published, rank);
        f->looked++;
    }
    return true;
}

static int best_first(const void *x, const void *y)
{
    const struct found *a = x, *b = y;
    if (a->rank != b->rank)
        return a->rank > b->rank ? -1 : 1;
    if (a->published != b->published)
        return a->published > b->published ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

static int newest_first(const void *x, const void *y)
{
    const struct found *a = x, *b = y;
    if (a->published != b->published)
        return a->published > b->published ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

static void set_bit(struct finding *f, int64_t id)
{
    if (!f->bits)
        f->bits = mem_array((size_t)(f->base.entries / 8 + 1), 1);
    f->bits[id / 8] |= (uint8_t)(1u << id % 8);
}

// Those that are weighed are put in order; the others noted for the walk by date.
static bool weigh(struct finding *f, struct store *s, bool *over)
{
    size_t end = f->at + BLOCK < f->nhits ? f->at + BLOCK : f->nhits;
    bool all_weighed = f->nhits <= SEARCH_WEIGHED;
    for (; f->at < end; f->at++) {
        const struct search_hit *h = &f->hits[f->at];
        struct item_row r;
        if (h->rank < 0 || (f->order == FIND_NEWEST && !all_weighed)) {
            if (h->item > 0)
                set_bit(f, h->item);
            else if (row_of(f, s, h->item, &r)) {
                f->marks = mem_grow(f->marks, &f->marks_cap, f->nmarks + 1, sizeof *f->marks);
                f->marks[f->nmarks++] = (struct found){h->item, r.published, 0};
            }
        } else if (row_of(f, s, h->item, &r)) {
            weigh_in(f, h->item, r.published, h->rank);
        }
    }
    *over = f->at == f->nhits;
    if (!*over)
        return true;
    if (f->nweighed)
        qsort(f->weighed, f->nweighed, sizeof *f->weighed,
              f->order == FIND_BEST ? best_first : newest_first);
    for (size_t i = 0; i < f->nweighed; i++)
        emit(f, f->weighed[i].id);
    if (f->nmarks)
        qsort(f->marks, f->nmarks, sizeof *f->marks, newest_first);
    return true;
}

// Where no word is asked for every bookmark is one to look at.
static bool all_bookmarks(struct finding *f, struct store *s, struct err *e)
{
    static const struct shelf shelf = {.kind = SHELF_BOOKMARKS};
    int64_t *ids;
    size_t n;
    if (!store_ids(s, &shelf, false, 0, 0, &ids, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct item_row r;
        if (!search_base_has(&f->base, ids[i]) || !row_of(f, s, ids[i], &r))
            continue;
        f->marks = mem_grow(f->marks, &f->marks_cap, f->nmarks + 1, sizeof *f->marks);
        f->marks[f->nmarks++] = (struct found){ids[i], r.published, 0};
    }
    free(ids);
    if (f->nmarks)
        qsort(f->marks, f->nmarks, sizeof *f->marks, newest_first);
    return true;
}

static void emit_marks(struct finding *f, int64_t down_to)
{
    while (f->mark < f->nmarks && f->marks[f->mark].published >= down_to)
        emit(f, f->marks[f->mark++].id);
}

static bool dated(struct finding *f, struct store *s, bool *over, struct err *e)
{
    enum { MANY = 4 * BLOCK };
    int64_t ids[MANY], sorts[MANY];
    size_t n = 0, many = f->positive ? MANY : BLOCK;
    if (f->positive && !f->bits) {
        emit_marks(f, INT64_MIN);
        return *over = true;
    }
    if (!search_dated(s, &f->sort, &f->id, many, ids, sorts, &n, e))
        return false;
    *over = n < many;
    for (size_t i = 0; i < n; i++) {
        struct item_row r;
        if (sorts[i] < f->after) {
            *over = true;
            break;
        }
        bool wanted = f->positive
                          ? ids[i] <= f->base.entries && f->bits[ids[i] / 8] & 1u << ids[i] % 8
                          : search_base_has(&f->base, ids[i]);
        if (!wanted || !row_of(f, s, ids[i], &r))
            continue;
        emit_marks(f, sorts[i]);
        emit(f, ids[i]);
    }
    if (*over)
        emit_marks(f, INT64_MIN);
    return true;
}

// ---- the whole ----

static bool stage(struct finding *f, struct store *s, bool *over, struct err *e)
{
    *over = true;
    switch (f->stage) {
    case BEGIN:
        return begin(f, s, e);
    case SETS:
        return ask_set(f, s, over, e);
    case ASK:
        return ask(f, s, over, e);
    case NOTES:
        return f->base.entries == INT64_MAX || look_through_notes(f, s, e); // it asks for no words
    case FRESH:
        if (f->unindexed <= FEW && !f->scanned && !scan(f, s, false, e))
            return false;
        *over = f->unindexed > FEW || f->scanned;
        return true;
    case WEIGH:
        return weigh(f, s, over) && (!*over || f->positive || all_bookmarks(f, s, e));
    case DATED:
        return dated(f, s, over, e);
    case REST:
        if (!f->scanned && !scan(f, s, true, e))
            return false;
        *over = f->scanned;
        return true;
    case END:
        break;
    }
    return true;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool finding_step(struct finding *f, struct store *s, struct err *e)
{
    int64_t began = now_ms();
    if (finding_empty(f))
        f->stage = END;
    while (f->stage < END && now_ms() - began < STEP_MS) {
        bool over;
        if (!stage(f, s, &over, e)) {
            f->stage = END;
            return false;
        }
        f->stage += over;
    }
    return f->stage < END;
}
