// The extract for other programs: one JSON object, or a page of its own.
#include "lectern/extract.h"

#include <jansson.h>
#include <stdlib.h>

#include "lectern/write.h"

static void add(json_t *j, const char *key, const char *value)
{
    json_object_set_new(j, key, value ? json_string(value) : json_null());
}

void extract_json(struct buf *out, const struct extract *x)
{
    const struct doc *d = x->doc;
    struct buf b = {0};
    json_t *j = json_object();
    add(j, "title", d->title);
    add(j, "subtitle", d->subtitle);
    add(j, "byline", d->author);
    add(j, "date", d->date);
    add(j, "site", x->site);
    add(j, "language", d->language);
    add(j, "image", x->image);
    add(j, "url", d->url);
    add(j, "next", x->next);
    json_object_set_new(j, "paywalled", json_boolean(x->paywalled));
    json_object_set_new(j, "preview", json_boolean(d->preview));
    add(j, "why", x->why);
    add(j, "trust", extract_trust_name(x->trust));
    json_object_set_new(j, "words", json_integer(d->words));
    write_text(&b, d);
    add(j, "text", buf_cstr(&b));
    buf_clear(&b);
    write_html(&b, d);
    add(j, "html", buf_cstr(&b));
    char *s = json_dumps(j, JSON_INDENT(2));
    buf_str(out, s ? s : "{}");
    buf_char(out, '\n');
    free(s);
    json_decref(j);
    buf_free(&b);
}

static void meta(struct buf *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    buf_printf(out, "<meta name=\"%s\" content=\"", name);
    buf_markup(out, value);
    buf_str(out, "\">\n");
}

void extract_html(struct buf *out, const struct extract *x)
{
    const struct doc *d = x->doc;
    buf_str(out, "<!DOCTYPE html>\n<html");
    if (d->language) {
        buf_str(out, " lang=\"");
        buf_markup(out, d->language);
        buf_char(out, '"');
    }
    buf_str(out, ">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    buf_markup(out, d->title ? d->title : "");
    buf_str(out, "</title>\n");
    meta(out, "author", d->author);
    meta(out, "date", d->date);
    if (d->url) {
        buf_str(out, "<link rel=\"canonical\" href=\"");
        buf_markup(out, d->url);
        buf_str(out, "\">\n");
    }
    buf_str(out, "</head>\n<body>\n<article>\n<header>\n<h1>");
    buf_markup(out, d->title ? d->title : "");
    buf_str(out, "</h1>\n");
    if (d->subtitle) {
        buf_str(out, "<p class=\"subtitle\">");
        buf_markup(out, d->subtitle);
        buf_str(out, "</p>\n");
    }
    if (d->author) {
        buf_str(out, "<p class=\"byline\">");
        buf_markup(out, d->author);
        buf_str(out, "</p>\n");
    }
    if (d->date) {
        buf_str(out, "<p><time datetime=\"");
        buf_markup(out, d->date);
        buf_str(out, "\">");
        buf_markup(out, d->date);
        buf_str(out, "</time></p>\n");
    }
    buf_str(out, "</header>\n<div class=\"article-body\">\n");
    write_html(out, d);
    buf_str(out, "</div>\n</article>\n</body>\n</html>\n");
}
