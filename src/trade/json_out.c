// Bookmarks as JSON, all that a bookmark is: lectern-export(5) tells every member. One bookmark
// after the other goes out, so that a large library needs no more memory than its largest essay.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/export.h"
#include "lectern/feed.h"
#include "lectern/utf8.h"
#include "trade/kept.h"
#include "trade/out.h"

// Text of the library is UTF-8; what is not, by damage, is mended.
static json_t *text(const char *s, size_t len)
{
    json_t *v = json_stringn(s, len);
    if (!v) {
        struct buf b = {0};
        utf8_clean(&b, s, len, UTF8_TEXT);
        v = json_stringn(buf_cstr(&b), b.len);
        buf_free(&b);
    }
    return v;
}

static void put(json_t *o, const char *name, const char *s)
{
    if (s && *s)
        json_object_set_new(o, name, text(s, strlen(s)));
}

static void put_number(json_t *o, const char *name, int64_t v)
{
    if (v)
        json_object_set_new(o, name, json_integer(v));
}

static void put_date(json_t *o, const char *name, int64_t t)
{
    char date[32];
    if (!t)
        return;
    date_format(t, date);
    put(o, name, date);
}

static void put_body(json_t *o, const char *name, const char *s, size_t len, enum content_type type)
{
    static const char *const types[] = {"html", "html", "text", "markdown"};
    if (!s || !len)
        return;
    json_t *v = json_object();
    put(v, "type", types[type]);
    json_object_set_new(v, "text", text(s, len));
    json_object_set_new(o, name, v);
}

static void put_reading(json_t *o, const struct kept *k)
{
    const struct item_row *r = &k->body.row;
    bool finished = r->flags & ITEM_FINISHED;
    if (!finished && !(r->flags & ITEM_STARTED))
        return;
    json_t *v = json_object();
    put(v, "state", finished ? "finished" : "started");
    put_number(v, "place", r->place);
    json_object_set_new(v, "progress", json_real(r->progress));
    put_date(v, "last", k->carried.opened);
    json_object_set_new(o, "read", v);
}

static void put_enclosures(json_t *o, const struct item_body *b)
{
    static const char *const kinds[] = {"other", "audio", "video", "image"};
    json_t *list = json_array();
    for (size_t i = 0; i < b->nenclosures; i++) {
        const struct enclosure *n = &b->enclosures[i];
        json_t *v = json_object();
        put(v, "url", n->url);
        put(v, "kind", kinds[n->kind]);
        put(v, "type", n->type);
        put(v, "title", n->title);
        put_number(v, "bytes", n->size);
        put_number(v, "seconds", n->seconds);
        json_array_append_new(list, v);
    }
    json_object_set_new(o, "enclosures", list);
}

static void put_highlights(json_t *o, const struct kept *k)
{
    json_t *list = json_array();
    for (size_t i = 0; i < k->nhighlights; i++) {
        const struct kept_highlight *h = &k->highlights[i];
        json_t *v = json_object();
        put_number(v, "id", h->id);
        put(v, "quote", h->quote);
        put(v, "note", h->note);
        put(v, "colour", h->colour);
        put_date(v, "made", h->made);
        json_object_set_new(v, "from", json_integer(h->from));
        json_object_set_new(v, "to", json_integer(h->to));
        put(v, "before", h->before);
        put(v, "after", h->after);
        json_array_append_new(list, v);
    }
    json_object_set_new(o, "highlights", list);
}

static void put_marks(json_t *o, const struct carried *c)
{
    if (!c->nmarks)
        return;
    json_t *v = json_object();
    for (size_t i = 0; i < c->nmarks; i++)
        json_object_set_new(v, (char[]){c->marks[i].letter, '\0'}, json_integer(c->marks[i].off));
    json_object_set_new(o, "marks", v);
}

static json_t *bookmark(const struct kept *k)
{
    const struct item_body *b = &k->body;
    json_t *o = json_object(), *tags = json_array();
    put(o, "uid", k->carried.uid);
    put(o, "title", b->row.title);
    put(o, "subtitle", b->row.subtitle);
    put(o, "author", b->row.author);
    put(o, "source", b->row.feed_title);
    put(o, "url", b->row.url);
    put_date(o, "published", b->row.published);
    put_date(o, "kept", b->row.kept);
    put(o, "language", b->language);
    for (size_t i = 0; b->row.tags[i]; i++)
        json_array_append_new(tags, text(b->row.tags[i], strlen(b->row.tags[i])));
    json_object_set_new(o, "tags", tags);
    put(o, "note", k->note);
    put_highlights(o, k);
    put_reading(o, k);
    put_marks(o, &k->carried);
    if (b->row.flags & ITEM_PREVIEW)
        json_object_set_new(o, "preview", json_true());
    if (b->row.flags & ITEM_REVISED)
        json_object_set_new(o, "revised", json_true());
    put_enclosures(o, b);
    put(o, "image", b->image);
    put(o, "external", b->external_url);
    put(o, "comments", b->comments);
    put(o, "base", b->base);
    put_number(o, "words", b->row.words);
    put_body(o, "summary", b->summary, b->summary ? strlen(b->summary) : 0, b->summary_type);
    put_body(o, "content", b->content, b->content_len, b->type);
    return o;
}

static void json_head(struct buf *out)
{
    buf_str(out, "{\n\"format\": \"lectern-bookmarks\",\n\"version\": 1,\n\"bookmarks\": [");
}

static void json_one(struct buf *out, const struct kept *k, size_t nth)
{
    json_t *o = bookmark(k);
    char *s = json_dumps(o, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    buf_printf(out, "%s\n%s", nth ? "," : "", s ? s : "{}");
    free(s);
    json_decref(o);
}

static void json_foot(struct buf *out, size_t n)
{
    buf_str(out, n ? "\n]\n}\n" : "]\n}\n");
}

const struct out_form out_json = {json_head, json_one, json_foot};
