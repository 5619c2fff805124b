// JSON Feed 1.0 and 1.1 (jsonfeed.org). jansson reads it; when it will not - a line break inside a
// string, a comma too many, a document that breaks off - the text is mended first (json_mend.c) and
// read again.
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "build.h"
#include "json_mend.h"

static const char *string(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v) ? json_string_value(v) : NULL;
}

static const char *plain(struct build *b, const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v)
               ? build_plain(b, json_string_value(v), json_string_length(v), PLAIN_GUESS)
               : NULL;
}

static const char *address(struct build *b, const json_t *o, const char *name)
{
    const char *s = string(o, name);
    return s ? build_address(b, b->base, s) : NULL;
}

static int64_t number(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    if (json_is_string(v))
        return build_number(json_string_value(v));
    double d = json_is_number(v) ? json_number_value(v) : 0;
    return d > 0 && d < 1e15 ? (int64_t)d : 0;
}

static void person(struct build *b, const json_t *p)
{
    if (json_is_string(p)) // not allowed, but seen
        build_person_text(b, 1, json_string_value(p), json_string_length(p));
    else if (json_is_object(p))
        build_person(b, 1, plain(b, p, "name"), address(b, p, "url"), NULL);
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

static void offer_text(struct build *b, struct offer *to, const json_t *o, const char *name,
                       int rank, enum content_type type)
{
    const json_t *v = json_object_get(o, name);
    if (!json_is_string(v) || (to->rank && to->rank <= rank))
        return;
    size_t len;
    const char *body = build_body(b, json_string_value(v), json_string_length(v), &len);
    if (body)
        *to = (struct offer){body, len, type, b->base, NULL, rank};
}

static void attachments(struct build *b, const json_t *item)
{
    size_t i;
    json_t *a;
    json_array_foreach(json_object_get(item, "attachments"), i, a) build_enclosure(
        b, b->base, string(a, "url"), string(a, "mime_type"), NULL, string(a, "title"),
        number(a, "size_in_bytes"), number(a, "duration_in_seconds"));
}

static int64_t date(struct build *b, const json_t *o, const char *name)
{
    const char *s = string(o, name);
    int64_t t = 0;
    if (s && *s && !date_parse(s, &t))
        build_warn(b, "a date could not be read: \"%.60s\"", s);
    return t;
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
    d->url.s = address(b, item, "url");
    d->external_url = address(b, item, "external_url");
    const json_t *title = json_object_get(item, "title");
    if (json_is_string(title))
        build_title(b, 1, json_string_value(title), json_string_length(title), PLAIN_GUESS);
    offer_text(b, &d->body, item, "content_html", 1, CONTENT_HTML);
    offer_text(b, &d->body, item, "content_text", 2, CONTENT_TEXT);
    offer_text(b, &d->description, item, "summary", 1, CONTENT_TEXT);
    build_image(b, 1, b->base, string(item, "image"));
    build_image(b, 2, b->base, string(item, "banner_image"));
    d->published = date(b, item, "date_published");
    d->updated = date(b, item, "date_modified");
    const char *language = string(item, "language");
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
    u->self = address(b, o, "feed_url");
    if (!b->base)
        b->base = u->self;
    u->home = address(b, o, "home_page_url");
    if (!b->base)
        b->base = u->home;
    const json_t *title = json_object_get(o, "title");
    if (json_is_string(title))
        build_title(b, 1, json_string_value(title), json_string_length(title), PLAIN_GUESS);
    u->subtitle = plain(b, o, "description");
    u->language = plain(b, o, "language");
    u->next = address(b, o, "next_url");
    u->complete = false;
    build_image(b, 1, b->base, string(o, "icon"));
    build_image(b, 2, b->base, string(o, "favicon"));
    persons(b, o);
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(o, "hubs"), i, v) if (!u->hub) u->hub = address(b, v, "url");
    json_array_foreach(json_object_get(o, "items"), i, v) entry(b, v);
}

bool json_parse(struct build *b, const char *s, size_t len, struct err *e)
{
    json_error_t why;
    struct buf mended = {0};
    json_t *o = json_loadb(s, len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &why);
    if (!o) {
        bool cut = false;
        json_mend(&mended, s, len, &cut);
        o = json_loadb(buf_cstr(&mended), mended.len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL,
                       &why);
        buf_free(&mended);
        if (o)
            build_warn(b, "the JSON was not well-formed: it was mended");
        if (o && cut) {
            b->u->cut_short = true;
            build_warn(b, "the document breaks off: what was whole before the break is here");
        }
    }
    if (!o)
        return err_set(e, ERR_FORMAT,
                       "this is no feed: it looks like JSON, but is not (line %d: %s)", why.line,
                       why.text);
    const char *version = string(o, "version");
    bool named = version && strstr(version, "jsonfeed.org/version/");
    if (!json_is_object(o) ||
        (!named && !(json_is_array(json_object_get(o, "items")) && string(o, "title")))) {
        json_decref(o);
        return err_set(e, ERR_FORMAT, "this is no feed: it is JSON, but no JSON Feed");
    }
    if (!named)
        build_warn(b, "the JSON does not say that it is a JSON Feed");
    feed(b, o, named ? version : "1.1");
    json_decref(o);
    return true;
}
