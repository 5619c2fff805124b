// Archives that answer in JSON: Substack's (a list, then a post at a time) and WordPress's (whole
// posts, a page at a time). The fields are those that a feed of the same house has, so that an
// essay is the same wherever it came from.
#include "lectern/archive.h"

#include <stdlib.h>
#include <string.h>

#include "json_parts.h"
#include "lectern/encoding.h"

static json_t *open(const char *bytes, size_t len, const char *whose, struct err *e)
{
    struct text_bytes t;
    bool mended, cut;
    struct err why = ERR_INIT;
    encoding_read(&t, bytes, len, NULL);
    json_t *o = json_parts(t.s, t.len, &mended, &cut, &why);
    buf_free(&t.own);
    if (!o || (!json_is_array(o) && !json_is_object(o))) {
        json_decref(o);
        err_set(e, ERR_FORMAT, "this is no answer of %s: it is no JSON", whose);
        return NULL;
    }
    return o;
}

static struct archive_list *list_new(void)
{
    struct arena *a = arena_new();
    struct archive_list *l = arena_alloc(a, sizeof *l);
    l->arena = a;
    return l;
}

void archive_list_free(struct archive_list *l)
{
    if (l)
        arena_free(l->arena);
}

static bool truth(const json_t *o, const char *name)
{
    return json_is_true(json_object_get(o, name));
}

// ---- Substack ----

// Names of posts that cannot lead anywhere else than to a post.
static bool is_slug(const char *s)
{
    size_t len = s ? strlen(s) : 0;
    return len && len < 400 && !strpbrk(s, "/?#\\%&. \t\r\n") && (unsigned char)*s > ' ';
}

static bool is_preview(const json_t *post)
{
    const char *audience = json_words(post, "audience");
    const json_t *hidden = json_object_get(post, "hidden");
    if (json_is_boolean(hidden))
        return json_is_true(hidden);
    return audience && strcmp(audience, "everyone") != 0;
}

// BASE/WHAT/SLUG
static const char *below(struct build *b, const char *what, const char *slug)
{
    size_t len = b->base ? strlen(b->base) : 0;
    while (len && b->base[len - 1] == '/')
        len--;
    return len ? build_address(b, b->base,
                               arena_printf(b->a, "%.*s/%s/%s", (int)len, b->base, what, slug))
               : NULL;
}

static const char *page_of(struct build *b, const json_t *post)
{
    const char *url = json_address(b, post, "canonical_url"), *slug = json_words(post, "slug");
    if (url || !is_slug(slug))
        return url;
    return below(b, "p", slug);
}

bool archive_substack(const char *bytes, size_t len, const char *base, struct archive_list **out,
                      struct err *e)
{
    json_t *o = open(bytes, len, "Substack's archive", e), *post;
    size_t i;
    if (!o)
        return false;
    if (!json_is_array(o)) {
        json_decref(o);
        return err_set(e, ERR_FORMAT, "this is no answer of Substack's archive: it lists nothing");
    }
    struct feed_source src = {.url = base};
    struct build *b = build_new(&src);
    struct archive_list *l = list_new();
    l->listed = json_array_size(o);
    l->cut = l->listed > ARCHIVE_MAX_ITEMS;
    l->items = arena_alloc(l->arena, (l->cut ? ARCHIVE_MAX_ITEMS : l->listed) * sizeof *l->items);
    json_array_foreach(o, i, post)
    {
        const char *slug = json_words(post, "slug"), *url = page_of(b, post);
        if (!url || !is_slug(slug) || l->n == ARCHIVE_MAX_ITEMS)
            continue;
        const char *body = below(b, "api/v1/posts", slug);
        l->items[l->n++] =
            (struct archive_item){arena_strdup(l->arena, url), arena_strdup(l->arena, body),
                                  json_date(b, post, "post_date"), is_preview(post)};
    }
    json_decref(o);
    build_drop(b);
    *out = l;
    return true;
}

static void substack_sound(struct build *b, const json_t *post)
{
    size_t i;
    json_t *item;
    const char *url = json_words(post, "podcast_url");
    if (url && *url) {
        build_enclosure(b, b->base, url, "audio/mpeg", NULL, NULL, 0,
                        json_count(post, "podcast_duration"));
        return;
    }
    json_array_foreach(json_object_get(post, "audio_items"), i, item)
    {
        url = json_words(item, "audio_url"); // read aloud by a machine
        if (url && *url)
            build_enclosure(b, b->base, url, "audio/mpeg", NULL, NULL, 0, 0);
    }
}

static void substack_people(struct build *b, const json_t *post)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(post, "publishedBylines"), i, item)
        build_person(b, 1, json_plain(b, item, "name"), NULL, NULL);
    json_array_foreach(json_object_get(post, "postTags"), i, item)
    {
        const char *name = json_words(item, "name");
        if (name)
            build_category(b, name, strlen(name));
    }
}

bool archive_substack_post(const char *bytes, size_t len, const char *base,
                           struct feed_update **out, struct err *e)
{
    json_t *o = open(bytes, len, "Substack", e);
    if (!o)
        return false;
    struct feed_source src = {.url = base};
    struct build *b = build_new(&src);
    const char *url = page_of(b, o);
    if (!url || !json_is_string(json_object_get(o, "title"))) {
        json_decref(o);
        build_drop(b);
        return err_set(e, ERR_FORMAT, "this is no post of a Substack");
    }
    build_entry(b);
    struct draft *d = &b->d;
    d->guid = d->url.s = url;
    d->base = url;
    json_title(b, json_object_get(o, "title"), PLAIN_TEXT);
    json_offer(b, &d->body, o, "body_html", 1, CONTENT_HTML);
    json_offer(b, &d->description, o, "subtitle", 1, CONTENT_TEXT);
    json_offer(b, &d->description, o, "description", 2, CONTENT_TEXT);
    json_offer(b, &d->description, o, "truncated_body_text", 3, CONTENT_TEXT);
    build_image(b, 1, b->base, json_words(o, "cover_image"));
    d->published = json_date(b, o, "post_date");
    substack_people(b, o);
    substack_sound(b, o);
    build_entry_end(b);
    for (size_t i = 0; i < b->u->nentries; i++)
        b->u->entries[i].preview = b->u->entries[i].preview || is_preview(o);
    json_decref(o);
    *out = built_finish(b);
    return true;
}

// ---- WordPress ----

// {"rendered": "..."}
static const json_t *rendered(const json_t *o, const char *name)
{
    return json_object_get(json_object_get(o, name), "rendered");
}

static void wordpress_people(struct build *b, const json_t *post)
{
    size_t i, k;
    json_t *item, *group;
    const json_t *with = json_object_get(post, "_embedded");
    json_array_foreach(json_object_get(with, "author"), i, item)
        build_person(b, 1, json_plain(b, item, "name"), NULL, NULL);
    json_array_foreach(json_object_get(with, "wp:term"), i, group)
        json_array_foreach(group, k, item)
    {
        const char *name = json_words(item, "name");
        if (name)
            build_category(b, name, strlen(name));
    }
}

static void wordpress_post(struct build *b, const json_t *post)
{
    const json_t *guid = rendered(post, "guid");
    const char *url = json_address(b, post, "link"), *when = json_words(post, "date_gmt");
    if (!json_is_object(post) || !url || truth(json_object_get(post, "content"), "protected"))
        return;
    build_entry(b);
    struct draft *d = &b->d;
    d->url.s = d->base = url;
    if (json_is_string(guid)) {
        struct buf plain = {0}; // feeds have it as text, this has it as HTML: "?p=1&#038;x"
        entity_decode(&plain, json_string_value(guid), json_string_length(guid));
        d->guid = build_line(b, buf_cstr(&plain), plain.len);
        buf_free(&plain);
    }
    json_title(b, rendered(post, "title"), PLAIN_HTML);
    json_offer(b, &d->body, json_object_get(post, "content"), "rendered", 1, CONTENT_HTML);
    json_offer(b, &d->description, json_object_get(post, "excerpt"), "rendered", 1, CONTENT_HTML);
    build_image(b, 1, url, json_words(post, "jetpack_featured_media_url"));
    if (when && !strpbrk(when, "Zz+")) {
        char *utc = mem_printf("%.40sZ", when);
        date_parse(utc, &d->published);
        free(utc);
    } else {
        d->published = json_date(b, post, when ? "date_gmt" : "date");
    }
    wordpress_people(b, post);
    build_entry_end(b);
}

bool archive_wordpress(const char *bytes, size_t len, const char *url, struct feed_update **out,
                       struct err *e)
{
    json_t *o = open(bytes, len, "WordPress", e), *post;
    size_t i;
    if (!o)
        return false;
    if (!json_is_array(o)) {
        json_decref(o);
        return err_set(e, ERR_FORMAT, "this is no answer of WordPress: it lists nothing");
    }
    struct feed_source src = {.url = url};
    struct build *b = build_new(&src);
    json_array_foreach(o, i, post) wordpress_post(b, post);
    json_decref(o);
    *out = built_finish(b);
    return true;
}
