// Items of another reader as the update that a fetch of their feed would have brought: the same
// cleaning, the same words, and above all the same identity, so that the next fetch knows them.
// Where a feed names no guid, readers make one up; such a one is let go, and ours is made.
#include "lectern/foreign.h"

#include <string.h>

#include "build.h"
#include "lectern/encoding.h"
#include "lectern/utf8.h"

// newsboat makes "address" or "address" and the date one where there is no guid.
static bool made_up(const struct foreign_item *it)
{
    if (!it->guid || !*it->guid)
        return true;
    size_t n = it->url ? strlen(it->url) : 0;
    if (!n)
        return it->title && strcmp(it->guid, it->title) == 0;
    if (strncmp(it->guid, it->url, n) != 0)
        return false;
    const char *rest = it->guid + n;
    int64_t when;
    return !*rest || (strlen(rest) > 8 && date_parse(rest, &when));
}

static void categories(struct build *b, const char *s)
{
    for (const char *p = s; p && *p;) {
        size_t n = strcspn(p, "|");
        if (n)
            build_category(b, p, n);
        p += n + (p[n] == '|');
    }
}

// A database holds any bytes; what follows here counts on UTF-8.
static const char *text(struct build *b, const char *s, size_t *len)
{
    if (!s || encoding_is_utf8(s, *len))
        return s;
    struct buf clean = {0};
    utf8_clean(&clean, s, *len, UTF8_TEXT);
    s = arena_strndup(b->a, buf_cstr(&clean), clean.len);
    *len = clean.len;
    buf_free(&clean);
    return s;
}

static const char *line(struct build *b, const char *s)
{
    size_t len = s ? strlen(s) : 0;
    return text(b, s, &len);
}

static void add(struct build *b, const struct foreign_item *raw)
{
    struct foreign_item copy = *raw, *it = &copy;
    const char **const strings[] = {&copy.guid,  &copy.url,    &copy.base,
                                    &copy.title, &copy.author, &copy.categories};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        *strings[i] = line(b, *strings[i]);
    copy.content = text(b, copy.content, &copy.content_len);
    build_entry(b);
    struct draft *d = &b->d;
    if (it->title)
        build_title(b, 1, it->title, strlen(it->title), it->html_title ? PLAIN_RSS : PLAIN_TEXT);
    d->url.s = build_address(b, b->base, it->url);
    if (!made_up(it))
        d->guid = build_line(b, it->guid, strlen(it->guid));
    if (it->base)
        d->base = build_address(b, NULL, it->base);
    // A time that no feed can have meant is none.
    d->published = it->published > 0 && it->published < INT64_C(1) << 40 ? it->published : 0;
    if (it->author)
        build_person_text(b, 1, it->author, strlen(it->author));
    categories(b, it->categories);
    for (size_t i = 0; i < it->nenclosures; i++)
        build_enclosure(b, d->url.s, line(b, it->enclosures[i].url),
                        line(b, it->enclosures[i].type), NULL, NULL, it->enclosures[i].size,
                        it->enclosures[i].seconds);
    struct offer *o = &d->description; // an essay or a few words about it: entry_finish sees
    if (it->content && it->content_len && offer_wins(o, 1)) {
        o->s = build_body(b, it->content, it->content_len, &o->len);
        o->type = it->plain ? CONTENT_TEXT : CONTENT_HTML;
        o->base = d->base;
        if (!o->s)
            *o = (struct offer){0};
    }
    build_entry_end(b);
}

struct feed_update *foreign_update(const struct foreign_feed *f, const struct foreign_item *items,
                                   size_t n)
{
    struct build *b = build_new(&(struct feed_source){.url = f->url});
    const char *title = line(b, f->title);
    if (title)
        build_title(b, 1, title, strlen(title), PLAIN_RSS);
    if (f->home)
        b->u->home = build_address(b, b->base, line(b, f->home));
    if (b->u->home)
        b->link_base = b->u->home;
    for (size_t i = 0; i < n; i++)
        add(b, &items[i]);
    return built_finish(b);
}
