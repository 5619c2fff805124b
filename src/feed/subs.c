// Subscription lists: which kind a file is, and the list that its reader fills.
#include "subs.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"

static size_t hash(const char *s)
{
    uint64_t h = 14695981039346656037u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static void index_all(struct subs_builder *b)
{
    free(b->slots);
    b->nslots = b->nslots ? b->nslots * 2 : 256;
    b->slots = mem_array(b->nslots, sizeof *b->slots);
    for (size_t i = 0; i < b->s->n; i++) {
        size_t at = hash(b->s->items[i].url) & (b->nslots - 1);
        while (b->slots[at])
            at = (at + 1) & (b->nslots - 1);
        b->slots[at] = i + 1;
    }
}

// The item of this address, made when there is none. NULL when the list is full.
static struct sub *item(struct subs_builder *b, const char *url)
{
    struct subs *s = b->s;
    if (s->n * 2 >= b->nslots)
        index_all(b);
    size_t at = hash(url) & (b->nslots - 1);
    for (; b->slots[at]; at = (at + 1) & (b->nslots - 1))
        if (strcmp(s->items[b->slots[at] - 1].url, url) == 0)
            return &s->items[b->slots[at] - 1];
    if (s->n == SUBS_MAX)
        return NULL;
    s->items = mem_grow(s->items, &b->cap, s->n + 1, sizeof *s->items);
    struct sub *made = &s->items[s->n++];
    b->slots[at] = s->n;
    *made = (struct sub){.url = arena_strdup(s->arena, url)};
    made->tags = arena_alloc(s->arena, sizeof *made->tags);
    return made;
}

static void add_tag(struct subs_builder *b, struct sub *s, const char *name)
{
    size_t n = 0;
    for (; s->tags[n]; n++)
        if (strcmp(s->tags[n], name) == 0)
            return;
    if (n == SUBS_MAX_TAGS)
        return;
    const char **more = arena_alloc(b->s->arena, (n + 2) * sizeof *more);
    memcpy(more, s->tags, n * sizeof *more);
    more[n] = arena_strdup(b->s->arena, name);
    s->tags = more;
}

void subs_add(struct subs_builder *b, const char *url, const char *title, const char *const *tags,
              size_t ntags)
{
    char *address = utf8_clean_dup(url, strlen(url), UTF8_ADDRESS);
    struct sub *s = *address ? item(b, address) : NULL;
    if (!s) {
        subs_skip(b, 0,
                  *address ? address
                  : title  ? title
                           : "",
                  *address ? "there are more addresses than can be taken" : "it has no address");
        free(address);
        return;
    }
    free(address);
    if (title && !s->title) {
        char *name = utf8_clean_dup(title, strlen(title), UTF8_LINE);
        if (*name)
            s->title = arena_strdup(b->s->arena, name);
        free(name);
    }
    for (size_t i = 0; i < ntags; i++) {
        char *name = utf8_clean_dup(tags[i], strlen(tags[i]), UTF8_LINE);
        if (*name)
            add_tag(b, s, name);
        free(name);
    }
}

void subs_skip(struct subs_builder *b, int line, const char *what, const char *why)
{
    struct subs *s = b->s;
    s->skipped = mem_grow(s->skipped, &b->cap_skipped, s->nskipped + 1, sizeof *s->skipped);
    char *clean = utf8_clean_dup(what, strnlen(what, 200), UTF8_LINE);
    s->skipped[s->nskipped++] = (struct sub_skipped){line, arena_strdup(s->arena, clean), why};
    free(clean);
}

// Markup comes first in OPML; a file in UTF-16 can be nothing else here.
static bool looks_like_markup(const char *bytes, size_t len)
{
    size_t i = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < len && memchr(" \t\r\n", bytes[i], 4))
        i++;
    bool utf16 =
        len >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
    return utf16 || (i < len && bytes[i] == '<');
}

static bool read_as(void (*read)(struct subs_builder *, const char *, size_t), const char *bytes,
                    size_t len, struct subs **out, struct err *e)
{
    struct subs_builder b = {.s = mem_alloc(sizeof *b.s)};
    b.s->arena = arena_new();
    bool ok = true;
    if (looks_like_markup(bytes, len)) {
        b.s->format = "OPML";
        ok = opml_read(&b, bytes, len, e);
    } else {
        read(&b, bytes, len);
        if (b.s->n == 0)
            ok = err_set(e, ERR_FORMAT,
                         "there is no address in it; what can be read is OPML, newsboat's urls "
                         "file, newsraft's feeds, sfeedrc, or a list of addresses");
    }
    free(b.slots);
    if (ok)
        *out = b.s;
    else
        subs_free(b.s);
    return ok;
}

bool subs_read(const char *bytes, size_t len, struct subs **out, struct err *e)
{
    return read_as(sfeedrc_looks(bytes, len)    ? sfeedrc_read
                   : newsraft_looks(bytes, len) ? newsraft_read
                                                : urls_read,
                   bytes, len, out, e);
}

bool subs_read_newsraft(const char *bytes, size_t len, struct subs **out, struct err *e)
{
    return read_as(newsraft_read, bytes, len, out, e);
}

void subs_free(struct subs *s)
{
    if (!s)
        return;
    arena_free(s->arena);
    free(s->items);
    free(s->skipped);
    free(s->searches);
    free(s);
}
