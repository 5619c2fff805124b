// Highlights as they are made and changed. See highlight.h: what is written waits in a log in the
// handle until the lock is free, and every question is answered through it (highlight_rows.c).
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "store/highlight_ops.h"

enum { BIN_DAYS = 90, RANDOM_BITS = 20, MANY = 64 };

const char *const highlight_colours[HIGHLIGHT_COLOUR_COUNT] = {
#define X(id, name) name,
    HIGHLIGHT_COLOURS(X)
#undef X
};

// Many are better written than carried along: every question looks at each of them.
static void push(struct store *s, struct highlight_op op)
{
    s->ops = mem_grow(s->ops, &s->ops_cap, s->nops + 1, sizeof *s->ops);
    s->ops[s->nops++] = op;
    if (s->nops % MANY == 0 && s->writes == 0)
        store_flush(s, 0, NULL);
}

static bool is_there(struct store *s, int64_t id)
{
    static const char query[] = "SELECT 1 FROM highlight WHERE id = ?";
    int64_t there = 0;
    return highlight_fresh(s, id) || (sql_int(s, NULL, 0, &there, query, "i", id) && there);
}

// An id is given before it can be written, by any number of Lecterns, and should mean the same in
// another library: the second it was made in and chance beside it. Fits a double, for JSON.
static int64_t new_id(struct store *s, int64_t made)
{
    int64_t id = s->last_id + 1; // those of one second in the order they were made
    if (id >> RANDOM_BITS == (made & 0xFFFFFFFF) && !is_there(s, id))
        return s->last_id = id;
    do {
        uint32_t chance = 0;
        if (getentropy(&chance, sizeof chance) != 0)
            chance = (uint32_t)(++s->nth * 2654435761u);
        id = (made & 0xFFFFFFFF) << RANDOM_BITS | (chance & ((1u << RANDOM_BITS) - 1));
    } while (id == 0 || is_there(s, id));
    return s->last_id = id;
}

static char *own_note(const char *note)
{
    char *clean = note ? utf8_clean_dup(note, strlen(note), UTF8_TEXT) : NULL;
    if (clean && !clean[strspn(clean, " \t\n")]) {
        free(clean);
        clean = NULL;
    }
    return clean;
}

static char *own(const char *text)
{
    return utf8_clean_dup(text ? text : "", text ? strlen(text) : 0, UTF8_TEXT);
}

int64_t store_highlight_add(struct store *s, int64_t item, const struct highlight *h)
{
    size_t len = h->quote ? strlen(h->quote) : 0;
    struct item_row row = {0};
    struct arena *a = arena_new();
    int64_t id = 0;
    if (len && len <= HIGHLIGHT_MOST && store_rows(s, &item, 1, a, &row, NULL) && row.id) {
        struct highlight n = {.from = h->from,
                              .to = h->to,
                              .seen = h->seen,
                              .colour = h->colour,
                              .made = h->made ? h->made : (int64_t)time(NULL)};
        id = n.id = h->id > 0 && !is_there(s, h->id) ? h->id : new_id(s, n.made);
        n.item = item;
        n.quote = own(h->quote);
        n.before = own(h->before);
        n.after = own(h->after);
        n.note = own_note(h->note);
        n.title = mem_strdup(row.title);
        n.author = mem_strdup(row.author);
        n.feed_title = mem_strdup(row.feed_title);
        n.url = mem_strdup(row.url);
        push(s, (struct highlight_op){.kind = OP_ADD, .item = item, .h = n});
    }
    arena_free(a);
    return id;
}

void store_highlight_set_note(struct store *s, int64_t id, const char *note)
{
    push(s, (struct highlight_op){.kind = OP_NOTE, .h = {.id = id, .note = own_note(note)}});
}

void store_highlight_set_colour(struct store *s, int64_t id, enum highlight_colour colour)
{
    push(s, (struct highlight_op){.kind = OP_COLOUR, .h = {.id = id, .colour = colour}});
}

void store_highlight_remove(struct store *s, int64_t id)
{
    push(s, (struct highlight_op){.kind = OP_REMOVE,
                                  .h = {.id = id, .made = (int64_t)time(NULL)}}); // when
}

void store_highlight_restore(struct store *s, int64_t id)
{
    push(s, (struct highlight_op){.kind = OP_RESTORE, .h = {.id = id}});
}

void store_highlight_place(struct store *s, int64_t id, int64_t item, const struct highlight *h)
{
    push(s, (struct highlight_op){
                .kind = OP_PLACE,
                .item = item,
                .h = {.id = id, .from = h->from, .to = h->to, .seen = h->seen, .gone = h->gone}});
}

// ---- into the file ----

static bool put_at(struct store *s, int64_t item, const struct highlight *h, struct err *e)
{
    static const char put[] = "INSERT INTO highlight_at VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT "
                              "DO UPDATE SET first = ?3, last = ?4, gone = ?5, seen = ?6";
    return sql_do(s, e, put, "iiiiii", item, h->id, (int64_t)h->from, (int64_t)h->to,
                  (int64_t)h->gone, (int64_t)h->seen);
}

// Another Lectern may have given the same id in the same second.
static bool settle_id(struct store *s, size_t at, struct err *e)
{
    static const char query[] = "SELECT 1 FROM highlight WHERE id = ?";
    int64_t there = 0, was = s->ops[at].h.id, id;
    if (!sql_int(s, e, 0, &there, query, "i", was))
        return false;
    if (!there)
        return true;
    id = new_id(s, s->ops[at].h.made);
    for (size_t i = at; i < s->nops; i++)
        if (s->ops[i].h.id == was)
            s->ops[i].h.id = id;
    return true;
}

static bool write_new(struct store *s, size_t at, struct err *e)
{
    static const char insert[] =
        "INSERT INTO highlight(id, colour, made, quote, before, after, note, title, author, "
        "feed_title, url) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    if (!settle_id(s, at, e))
        return false;
    const struct highlight_op *op = &s->ops[at];
    const struct highlight *h = &op->h;
    int64_t twin = store_twin(s, op->item);
    return sql_do(s, e, insert, "iiitttttttt", h->id, (int64_t)h->colour, h->made, h->quote,
                  h->before, h->after, h->note, h->title, h->author, h->feed_title, h->url) &&
           put_at(s, op->item, h, e) && (!twin || put_at(s, twin, h, e));
}

static bool write_removed(struct store *s, const struct highlight_op *op, struct err *e)
{
    static const char remove[] = "UPDATE highlight SET removed = ?2 WHERE id = ?1 AND removed = 0",
                      purge[] = "DELETE FROM highlight WHERE removed > 0 AND removed < ?";
    return sql_do(s, e, remove, "ii", op->h.id, op->h.made) &&
           sql_do(s, e, purge, "i", op->h.made - (int64_t)BIN_DAYS * 24 * 3600);
}

static bool write_op(struct store *s, size_t at, struct err *e)
{
    static const char note[] = "UPDATE highlight SET note = ?2 WHERE id = ?1 AND note IS NOT ?2",
                      colour[] = "UPDATE highlight SET colour = ?2 WHERE id = ?1 AND colour <> ?2",
                      restore[] = "UPDATE highlight SET removed = 0 WHERE id = ?1 AND removed > 0",
                      known[] = "SELECT 1 FROM highlight WHERE id = ?";
    const struct highlight_op *op = &s->ops[at];
    int64_t there = 0;
    switch (op->kind) {
    case OP_ADD:
        return write_new(s, at, e);
    case OP_NOTE:
        return sql_do(s, e, note, "it", op->h.id, op->h.note);
    case OP_COLOUR:
        return sql_do(s, e, colour, "ii", op->h.id, (int64_t)op->h.colour);
    case OP_REMOVE:
        return write_removed(s, op, e);
    case OP_RESTORE:
        return sql_do(s, e, restore, "i", op->h.id);
    case OP_PLACE:
        return sql_int(s, e, 0, &there, known, "i", op->h.id) &&
               (!there || put_at(s, op->item, &op->h, e));
    }
    return true;
}

bool highlights_write(struct store *s, struct err *e)
{
    for (size_t i = 0; i < s->nops; i++)
        if (!write_op(s, i, e))
            return false;
    return true;
}

void highlights_written(struct store *s)
{
    for (size_t i = 0; i < s->nops; i++) {
        const struct highlight *h = &s->ops[i].h;
        const char *const strings[] = {h->quote, h->before, h->after,      h->note,
                                       h->title, h->author, h->feed_title, h->url};
        for (size_t k = 0; k < sizeof strings / sizeof *strings; k++)
            free((char *)strings[k]);
    }
    free(s->ops);
    s->ops = NULL;
    s->nops = s->ops_cap = 0;
}

bool highlights_share(struct store *s, int64_t bookmark, struct err *e)
{
    static const char share[] =
        "INSERT OR IGNORE INTO highlight_at SELECT -b.id, a.highlight, a.first, a.last, a.gone, "
        "a.seen FROM bookmark b JOIN entry e ON e.id = b.entry AND e.text = b.text"
        " JOIN highlight_at a ON a.item = e.id WHERE b.id = ?";
    return sql_do(s, e, share, "i", bookmark);
}
