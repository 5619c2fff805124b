// JSON Feed 1.0 and 1.1 (jsonfeed.org).
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "build.h"
#include "json_parts.h"

static void person(struct build *b, const json_t *p)
{
    if (json_is_string(p)) // not allowed, but seen
        build_person_text(b, 1, json_string_value(p), json_string_length(p));
    else if (json_is_object(p))
        build_person(b, 1, json_plain(b, p, "name"), json_address(b, p, "url"), NULL);
}

static void persons(struct build *b, const json_t *o)
{
    const json_t *list = json_object_get(o, "authors");
    size_t i;
    json_t *p;
    json_array_foreach(list, i, p) person(b, p);
    if (!json_array_size(list)) // 1.0
        person(b, json_object_get(o, "author"));
}

static void attachments(struct build *b, const json_t *item)
{
    size_t i;
    json_t *a;
    json_array_foreach(json_object_get(item, "attachments"), i, a) build_enclosure(
        b, b->base, json_words(a, "url"), json_words(a, "mime_type"), NULL, json_words(a, "title"),
        json_count(a, "size_in_bytes"), json_count(a, "duration_in_seconds"));
}

static void entry(struct build *b, const json_t *item)
{
    if (!json_is_object(item)) {
        build_warn(b, "an item was no object: it was left out");
        return;
    }
    build_entry(b);
    struct draft *d = &b->d;
    const json_t *id = json_object_get(item, "id");
    if (json_is_string(id))
        d->guid = build_line(b, json_string_value(id), json_string_length(id));
    else if (json_is_integer(
                 id)) // 1.0 feeds have numbers; the specification says to read them as strings
        d->guid = arena_printf(b->a, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    else if (json_is_real(id))
        d->guid = arena_printf(b->a, "%.17g", json_real_value(id));
    d->permalink = true;
    d->base = b->base;
    d->url.s = json_address(b, item, "url");
    d->external_url = json_address(b, item, "external_url");
    json_title(b, json_object_get(item, "title"), PLAIN_GUESS);
    json_offer(b, &d->body, item, "content_html", 1, CONTENT_HTML);
    json_offer(b, &d->body, item, "content_text", 2, CONTENT_TEXT);
    json_offer(b, &d->description, item, "summary", 1, CONTENT_TEXT);
    build_image(b, 1, b->base, json_words(item, "image"));
    build_image(b, 2, b->base, json_words(item, "banner_image"));
    d->published = json_date(b, item, "date_published");
    d->updated = json_date(b, item, "date_modified");
    const char *language = json_words(item, "language");
    d->language = language ? build_line(b, language, strlen(language)) : NULL;
    persons(b, item);
    size_t i;
    json_t *tag;
    json_array_foreach(json_object_get(item, "tags"), i, tag) if (json_is_string(tag))
        build_category(b, json_string_value(tag), json_string_length(tag));
    attachments(b, item);
    build_entry_end(b);
}

static void feed(struct build *b, const json_t *o, const char *version)
{
    struct feed_update *u = b->u;
    u->format = FEED_JSON;
    const char *number_at = strrchr(version, '/');
    u->version = build_line(b, number_at ? number_at + 1 : version,
                            strlen(number_at ? number_at + 1 : version));
    if (!u->version)
        u->version = "1";
    if (strcmp(u->version, "1") == 0)
        u->version = "1.0";
    u->self = json_address(b, o, "feed_url");
    if (!b->base)
        b->base = u->self;
    u->home = json_address(b, o, "home_page_url");
    if (!b->base)
        b->base = u->home;
    json_title(b, json_object_get(o, "title"), PLAIN_GUESS);
    u->subtitle = json_plain(b, o, "description");
    u->language = json_plain(b, o, "language");
    u->next = json_address(b, o, "next_url");
    u->complete = false;
    build_image(b, 1, b->base, json_words(o, "icon"));
    build_image(b, 2, b->base, json_words(o, "favicon"));
    persons(b, o);
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(o, "hubs"), i, v) if (!u->hub) u->hub =
        json_address(b, v, "url");
    json_array_foreach(json_object_get(o, "items"), i, v) entry(b, v);
}

bool json_parse(struct build *b, const char *s, size_t len, struct err *e)
{
    bool mended, cut;
    struct err why = ERR_INIT;
    json_t *o = json_parts(s, len, &mended, &cut, &why);
    if (!o)
        return err_set(e, ERR_FORMAT, "this is no feed: it looks like JSON, but is not (%s)",
                       why.msg);
    if (mended)
        build_warn(b, "the JSON was not well-formed: it was mended");
    if (cut) {
        b->u->cut_short = true;
        build_warn(b, "the document breaks off: what was whole before the break is here");
    }
    const char *version = json_words(o, "version");
    bool named = version && strstr(version, "jsonfeed.org/version/");
    if (!json_is_object(o) ||
        (!named && !(json_is_array(json_object_get(o, "items")) && json_words(o, "title")))) {
        json_decref(o);
        return err_set(e, ERR_FORMAT, "this is no feed: it is JSON, but no JSON Feed");
    }
    if (!named)
        build_warn(b, "the JSON does not say that it is a JSON Feed");
    feed(b, o, named ? version : "1.1");
    json_decref(o);
    return true;
}
