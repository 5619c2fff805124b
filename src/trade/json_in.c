// JSON with bookmarks: Lectern's own (lectern-export(5)), and what Wallabag exports, a list of
// entries with their text. Members that are not known are passed over, wrong ones too; a bookmark
// without title and text and address is none.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/doc.h"
#include "lectern/feed.h"
#include "trade/kept.h"

static const char *string(const json_t *o, const char *name, size_t *len)
{
    const json_t *v = json_object_get(o, name);
    if (!json_is_string(v))
        return NULL;
    *len = json_string_length(v);
    return json_string_value(v);
}

static const char *line(struct brought *b, const json_t *o, const char *name)
{
    size_t len = 0;
    const char *s = string(o, name, &len);
    return s ? brought_line(b, s, len) : NULL;
}

static const char *address(struct brought *b, const json_t *o, const char *name)
{
    size_t len = 0;
    const char *s = string(o, name, &len);
    return s ? brought_address(b, s, len) : NULL;
}

static const char *text(struct brought *b, const json_t *o, const char *name)
{
    size_t len = 0;
    const char *s = string(o, name, &len);
    return s ? brought_text(b, s, len) : NULL;
}

static int64_t number(const json_t *o, const char *name, int64_t most)
{
    const json_t *v = json_object_get(o, name);
    double d = json_is_number(v) ? json_number_value(v) : 0;
    int64_t n = json_is_integer(v) ? json_integer_value(v) : d > 0 && d < 9e15 ? (int64_t)d : 0;
    return n < 0 ? 0 : n > most ? most : n;
}

static int64_t date(const json_t *o, const char *name)
{
    size_t len;
    return brought_date(string(o, name, &len));
}

static bool truth(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_true(v) || (json_is_integer(v) && json_integer_value(v));
}

static bool is(const json_t *o, const char *name, const char *value)
{
    size_t len;
    const char *s = string(o, name, &len);
    return s && strcmp(s, value) == 0;
}

// ---- Lectern's own ----

static const char *body(struct brought *b, const json_t *o, const char *name,
                        enum content_type *type)
{
    const json_t *v = json_object_get(o, name);
    const char *s = json_is_object(v) ? text(b, v, "text") : NULL;
    *type = !s                          ? CONTENT_NONE
            : is(v, "type", "text")     ? CONTENT_TEXT
            : is(v, "type", "markdown") ? CONTENT_MARKDOWN
                                        : CONTENT_HTML;
    return s;
}

static void enclosures(struct brought *b, const json_t *o, struct item_body *out)
{
    const json_t *list = json_object_get(o, "enclosures"), *v;
    size_t i;
    out->enclosures = arena_alloc(b->arena, (json_array_size(list) + 1) * sizeof *out->enclosures);
    json_array_foreach((json_t *)list, i, v)
    {
        const char *url = address(b, v, "url"), *type = line(b, v, "type");
        if (!url)
            continue;
        out->enclosures[out->nenclosures++] =
            (struct enclosure){.url = url,
                               .type = type ? type : "",
                               .title = line(b, v, "title"),
                               .size = number(v, "bytes", INT64_MAX),
                               .seconds = number(v, "seconds", INT32_MAX),
                               .kind = is(v, "kind", "audio")   ? ENCLOSURE_AUDIO
                                       : is(v, "kind", "video") ? ENCLOSURE_VIDEO
                                       : is(v, "kind", "image") ? ENCLOSURE_IMAGE
                                                                : ENCLOSURE_OTHER};
    }
}

static void highlights(struct brought *b, const json_t *o, struct kept *k)
{
    const json_t *list = json_object_get(o, "highlights"), *v;
    size_t i;
    k->highlights = arena_alloc(b->arena, (json_array_size(list) + 1) * sizeof *k->highlights);
    json_array_foreach((json_t *)list, i, v)
    {
        const char *quote = text(b, v, "quote");
        if (!quote)
            continue;
        k->highlights[k->nhighlights++] =
            (struct kept_highlight){.id = number(v, "id", INT64_C(1) << 53),
                                    .from = (uint32_t)number(v, "from", UINT32_MAX),
                                    .to = (uint32_t)number(v, "to", UINT32_MAX),
                                    .colour = line(b, v, "colour"),
                                    .made = date(v, "made"),
                                    .quote = quote,
                                    .before = text(b, v, "before"),
                                    .after = text(b, v, "after"),
                                    .note = text(b, v, "note")};
    }
}

static void reading(const json_t *o, struct kept *k)
{
    const json_t *v = json_object_get(o, "read");
    struct item_row *r = &k->body.row;
    if (!json_is_object(v))
        return;
    r->flags |= is(v, "state", "finished") ? ITEM_FINISHED : ITEM_STARTED;
    r->place = (uint32_t)number(v, "place", UINT32_MAX);
    double p = json_number_value(json_object_get(v, "progress"));
    r->progress = p > 0 && p <= 1 ? p : r->flags & ITEM_FINISHED ? 1 : 0;
    k->carried.opened = date(v, "last");
}

static void marks(struct brought *b, const json_t *o, struct carried *c)
{
    json_t *v = json_object_get(o, "marks");
    c->marks = arena_alloc(b->arena, 26 * sizeof *c->marks);
    for (char letter = 'a'; letter <= 'z'; letter++) {
        const char name[2] = {letter, '\0'};
        if (json_is_integer(json_object_get(v, name)))
            c->marks[c->nmarks++] =
                (struct place_mark){0, letter, (uint32_t)number(v, name, UINT32_MAX)};
    }
}

static void own(struct brought *b, const json_t *o)
{
    struct kept *k = brought_add(b, 0);
    struct item_body *i = &k->body;
    const char *uid = line(b, o, "uid"), *title = line(b, o, "title");
    if (uid && carry_uid_fits(uid))
        strcpy(k->carried.uid, uid);
    i->row.title = title ? title : "";
    i->row.subtitle = line(b, o, "subtitle");
    i->row.author = line(b, o, "author");
    i->row.feed_title = line(b, o, "source");
    i->row.url = address(b, o, "url"); // whatever Lectern kept: a file, too
    i->row.published = date(o, "published");
    i->row.kept = date(o, "kept");
    i->row.words = (uint32_t)number(o, "words", INT32_MAX);
    i->row.flags =
        (truth(o, "preview") ? ITEM_PREVIEW : 0) | (truth(o, "revised") ? ITEM_REVISED : 0);
    i->language = line(b, o, "language");
    i->base = address(b, o, "base");
    i->image = address(b, o, "image");
    i->external_url = address(b, o, "external");
    i->comments = address(b, o, "comments");
    i->content = body(b, o, "content", &i->type);
    i->content_len = i->content ? strlen(i->content) : 0;
    i->summary = body(b, o, "summary", &i->summary_type);
    k->note = text(b, o, "note");
    size_t n;
    json_t *tag;
    json_array_foreach(json_object_get(o, "tags"), n, tag) if (json_is_string(tag))
        brought_tag(b, json_string_value(tag), json_string_length(tag));
    enclosures(b, o, i);
    highlights(b, o, k);
    reading(o, k);
    marks(b, o, &k->carried);
    if (!*i->row.title && !i->row.url && !i->content)
        brought_drop(b, 0, "a bookmark", "it has no title, address or text");
    else
        brought_end(b);
}

// ---- Wallabag ----

static void annotations(struct brought *b, const json_t *o, struct kept *k)
{
    const json_t *list = json_object_get(o, "annotations"), *v;
    size_t i;
    k->highlights = arena_alloc(b->arena, (json_array_size(list) + 1) * sizeof *k->highlights);
    json_array_foreach((json_t *)list, i, v)
    {
        const char *quote = text(b, v, "quote");
        if (quote)
            k->highlights[k->nhighlights++] = (struct kept_highlight){
                .quote = quote, .note = text(b, v, "text"), .made = date(v, "created_at")};
    }
}

static void wallabag(struct brought *b, const json_t *o)
{
    struct kept *k = brought_add(b, 0);
    struct item_body *i = &k->body;
    const char *url = address(b, o, "url"), *title = line(b, o, "title");
    i->row.title = title ? title : "";
    if (!url) {
        brought_drop(b, 0, title ? title : "an entry", "it has no address");
        return;
    }
    if (!brought_url(b, url))
        return;
    i->row.kept = date(o, "created_at");
    i->row.published = date(o, "published_at");
    i->row.feed_title = line(b, o, "domain_name");
    i->row.author = line(b, o, "published_by");
    json_t *by = json_array_get(json_object_get(o, "published_by"), 0), *tag;
    if (json_is_string(by))
        i->row.author = brought_line(b, json_string_value(by), json_string_length(by));
    i->language = line(b, o, "language");
    i->image = address(b, o, "preview_picture");
    i->content = text(b, o, "content");
    i->content_len = i->content ? strlen(i->content) : 0;
    i->type = i->content ? CONTENT_HTML : CONTENT_NONE;
    if (i->content) {
        struct doc *d = doc_from_html(i->content, i->content_len, NULL);
        i->row.words = d->words;
        doc_free(d);
    }
    if (truth(o, "is_archived")) {
        i->row.flags |= ITEM_FINISHED;
        i->row.progress = 1;
    }
    size_t n;
    json_array_foreach(json_object_get(o, "tags"), n, tag)
    {
        if (json_is_object(tag)) // as its API gives them
            tag = json_object_get(tag, "label");
        if (json_is_string(tag))
            brought_tag(b, json_string_value(tag), json_string_length(tag));
    }
    if (truth(o, "is_starred"))
        brought_tag(b, "starred", 7);
    annotations(b, o, k);
    brought_end(b);
}

// ---- which it is ----

static size_t begin(const char *bytes, size_t len)
{
    size_t at = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < len && strchr(" \t\r\n", bytes[at]) && bytes[at])
        at++;
    return at;
}

// A feed may be JSON as well: ours says what it is near its beginning, Wallabag's is a list.
bool json_looks(const char *bytes, size_t len)
{
    size_t at = begin(bytes, len), some = len - at < 400 ? len - at : 400;
    if (at == len)
        return false;
    return bytes[at] == '[' ||
           (bytes[at] == '{' && memmem(bytes + at, some, "lectern-bookmarks", 17));
}

bool json_read(const char *bytes, size_t len, struct brought **out, struct err *e)
{
    size_t at = begin(bytes, len), i;
    json_error_t why;
    json_t *root = json_loadb(bytes + at, len - at, 0, &why), *v;
    if (!root)
        return err_set(e, ERR_FORMAT, "this JSON breaks off or is wrong in line %d: %s", why.line,
                       why.text);
    bool ours = json_is_object(root);
    json_t *list = ours ? json_object_get(root, "bookmarks") : root;
    int64_t version = ours ? number(root, "version", INT64_MAX) : 1;
    struct brought *b = NULL;
    if (ours && (!is(root, "format", "lectern-bookmarks") || !json_is_array(list)))
        err_set(e, ERR_FORMAT, "these are no bookmarks of Lectern's");
    else if (version != 1)
        err_set(e, ERR_NEWER, "these bookmarks were written by a newer Lectern (version %lld)",
                (long long)version);
    else
        b = brought_new(ours ? "Lectern's JSON" : "Wallabag's JSON");
    size_t known = 0;
    json_array_foreach(list, i, v)
    {
        if (!b)
            break;
        if (!json_is_object(v)) {
            brought_add(b, 0);
            brought_drop(b, 0, "a member of the list", "it is no bookmark");
            continue;
        }
        known++;
        if (ours)
            own(b, v);
        else
            wallabag(b, v);
    }
    bool ok = b && (ours || known || !json_array_size(list));
    if (b && !ok)
        err_set(e, ERR_FORMAT, "this list holds no bookmarks");
    json_decref(root);
    if (ok)
        *out = b;
    else
        bring_free(b);
    return ok;
}
