// A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1), whatever it came as.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/feed.h"

static void put(json_t *o, const char *name, const char *s)
{
    if (s && *s)
        json_object_set_new(o, name, json_string(s));
}

static void put_number(json_t *o, const char *name, int64_t v)
{
    if (v)
        json_object_set_new(o, name, json_integer(v));
}

static void put_flag(json_t *o, const char *name, bool v)
{
    json_object_set_new(o, name, json_boolean(v));
}

static void put_date(json_t *o, const char *name, int64_t t)
{
    char text[32];
    if (!t)
        return;
    date_format(t, text);
    put(o, name, text);
}

static void put_strings(json_t *o, const char *name, const char *const *list, size_t n)
{
    if (!n)
        return;
    json_t *a = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(a, json_string(list[i]));
    json_object_set_new(o, name, a);
}

static void put_authors(json_t *o, const struct person *list, size_t n)
{
    if (!n)
        return;
    json_t *a = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *p = json_object();
        put(p, "name", list[i].name);
        put(p, "url", list[i].url);
        if (!list[i].url && list[i].email)
            json_object_set_new(p, "url", json_sprintf("mailto:%s", list[i].email));
        json_array_append_new(a, p);
    }
    json_object_set_new(o, "authors", a);
}

// JSON Feed wants a type for every attachment; many feeds give none.
static const char *type_of(const struct enclosure *e)
{
    static const char *const guess[] = {
        [ENCLOSURE_OTHER] = "application/octet-stream",
        [ENCLOSURE_AUDIO] = "audio/mpeg",
        [ENCLOSURE_VIDEO] = "video/mp4",
        [ENCLOSURE_IMAGE] = "image/jpeg",
    };
    return *e->type ? e->type : guess[e->kind];
}

static void put_attachments(json_t *o, const struct feed_entry *e)
{
    if (!e->nenclosures)
        return;
    json_t *a = json_array();
    for (size_t i = 0; i < e->nenclosures; i++) {
        json_t *p = json_object();
        put(p, "url", e->enclosures[i].url);
        put(p, "mime_type", type_of(&e->enclosures[i]));
        put(p, "title", e->enclosures[i].title);
        put_number(p, "size_in_bytes", e->enclosures[i].size);
        put_number(p, "duration_in_seconds", e->enclosures[i].seconds);
        json_array_append_new(a, p);
    }
    json_object_set_new(o, "attachments", a);
}

static json_t *links_of(const struct feed_entry *e)
{
    json_t *a = json_array();
    for (size_t i = 0; i < e->nlinks; i++) {
        json_t *p = json_object();
        put(p, "rel", e->links[i].rel);
        put(p, "url", e->links[i].url);
        put(p, "mime_type", e->links[i].type);
        json_array_append_new(a, p);
    }
    return a;
}

static json_t *extension_of(const struct feed_entry *e)
{
    static const char *const names[] = {[CONTENT_NONE] = "none",
                                        [CONTENT_HTML] = "html",
                                        [CONTENT_TEXT] = "text",
                                        [CONTENT_MARKDOWN] = "markdown"};
    json_t *x = json_object();
    put(x, "content_type", names[e->type]);
    put_number(x, "words", e->words);
    put(x, "subtitle", e->subtitle);
    put(x, "base", e->base);
    put(x, "comments", e->comments);
    if (e->preview)
        put_flag(x, "preview", true);
    if (e->nlinks)
        json_object_set_new(x, "links", links_of(e));
    return x;
}

static void put_content(json_t *o, const struct feed_entry *e)
{
    // JSON Feed asks for a content in every item; where the feed has only a summary that is it.
    const char *content = e->content ? e->content : e->summary ? e->summary : "";
    enum content_type type = e->content ? e->type : e->summary ? e->summary_type : CONTENT_TEXT;
    json_object_set_new(o, type == CONTENT_HTML ? "content_html" : "content_text",
                        json_string(content));
    if (!e->summary)
        return;
    char *plain = feed_plain(e->summary, strlen(e->summary), e->summary_type == CONTENT_HTML);
    put(o, "summary", plain);
    free(plain);
}

static json_t *item_of(const struct feed_entry *e)
{
    json_t *o = json_object();
    json_object_set_new(o, "id", json_string(e->guid));
    put(o, "url", e->url);
    put(o, "external_url", e->external_url);
    put(o, "title", e->title);
    put_content(o, e);
    put(o, "image", e->image);
    put_date(o, "date_published", e->published);
    put_date(o, "date_modified", e->updated);
    put_authors(o, e->authors, e->nauthors);
    put_strings(o, "tags", e->categories, e->ncategories);
    put(o, "language", e->language);
    put_attachments(o, e);
    json_object_set_new(o, "_lectern", extension_of(e));
    return o;
}

static json_t *extension(const struct feed_update *u)
{
    static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
    json_t *x = json_object();
    put(x, "format", feed_format_name(u->format));
    put(x, "version", u->version);
    put(x, "encoding", u->encoding);
    json_object_set_new(x, "warnings", json_array());
    for (size_t i = 0; i < u->nwarnings; i++)
        json_array_append_new(json_object_get(x, "warnings"), json_string(u->warnings[i]));
    put_flag(x, "cut_short", u->cut_short);
    put_number(x, "ttl_seconds", u->ttl);
    if (u->skip_hours) {
        json_t *a = json_array();
        for (int h = 0; h < 24; h++)
            if (u->skip_hours >> h & 1)
                json_array_append_new(a, json_integer(h));
        json_object_set_new(x, "skip_hours", a);
    }
    if (u->skip_days) {
        json_t *a = json_array();
        for (int d = 0; d < 7; d++)
            if (u->skip_days >> d & 1)
                json_array_append_new(a, json_string(days[d]));
        json_object_set_new(x, "skip_days", a);
    }
    put_date(x, "updated", u->updated);
    put(x, "generator", u->generator);
    put(x, "copyright", u->copyright);
    put(x, "moved_to", u->moved_to);
    put(x, "prev_archive", u->prev_archive);
    put_strings(x, "tags", u->categories, u->ncategories);
    if (u->complete)
        put_flag(x, "complete", true);
    return x;
}

void feed_write_json(struct buf *out, const struct feed_update *u)
{
    json_t *o = json_object();
    put(o, "version", "https://jsonfeed.org/version/1.1");
    json_object_set_new(o, "title", json_string(u->title));
    put(o, "home_page_url", u->home);
    put(o, "feed_url", u->self);
    put(o, "description", u->subtitle);
    put(o, "next_url", u->next);
    put(o, "icon", u->image);
    put_authors(o, u->authors, u->nauthors);
    put(o, "language", u->language);
    if (u->hub) {
        json_t *hub = json_object();
        put(hub, "type", "WebSub");
        put(hub, "url", u->hub);
        json_object_set_new(o, "hubs", json_array());
        json_array_append_new(json_object_get(o, "hubs"), hub);
    }
    json_object_set_new(o, "_lectern", extension(u));
    json_t *items = json_array();
    for (size_t i = 0; i < u->nentries; i++)
        json_array_append_new(items, item_of(&u->entries[i]));
    json_object_set_new(o, "items", items);
    char *text = json_dumps(o, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text) {
        buf_str(out, text);
        buf_char(out, '\n');
    }
    free(text);
    json_decref(o);
}
