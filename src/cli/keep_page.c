// `lectern bookmark ADDRESS|FILE`: the main text of a page, or of a Markdown or text file, is kept
// as the HTML its document is written as, so that it reads in years as it does today. A page
// without an article in it is kept whole.
#include "keep_page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lectern/extract.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/write.h"

static bool is_web(const char *s)
{
    return strncasecmp(s, "http://", 7) == 0 || strncasecmp(s, "https://", 8) == 0;
}

static bool same_address(const char *a, const char *b)
{
    size_t n = strcspn(a, "#"), m = strcspn(b, "#");
    return n == m && strncmp(a, b, n) == 0;
}

static bool find_kept(struct store *s, const char *url, int64_t *id, struct err *e)
{
    const struct shelf all = {.kind = SHELF_BOOKMARKS};
    int64_t *ids = NULL;
    size_t n = 0;
    *id = 0;
    if (!store_ids(s, &all, false, 0, 0, &ids, &n, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < n && !*id; i++) {
        struct arena *a = arena_new();
        struct item_row r;
        ok = store_rows(s, &ids[i], 1, a, &r, e);
        if (ok && r.id && r.url && same_address(r.url, url))
            *id = r.id;
        arena_free(a);
    }
    free(ids);
    return ok;
}

static void charset_of(const char *mime, char out[64])
{
    const char *at = mime ? strcasestr(mime, "charset=") : NULL;
    size_t n = 0;
    for (at += at ? 8 : 0; at && *at && *at != ';' && *at != ' ' && n < 63; at++)
        if (*at != '"')
            out[n++] = *at;
    out[n] = '\0';
}

static const char *name_of(const char *what)
{
    const char *slash = strrchr(what, '/');
    return slash && slash[1] ? slash + 1 : what;
}

static bool keep_doc(struct store *s, const struct doc *d, const char *what, const char *url,
                     const char *site, int64_t *id, struct err *e)
{
    struct buf html = {0};
    write_html(&html, d);
    int64_t published = 0;
    if (d->date)
        date_parse(d->date, &published);
    const struct snapshot sn = {
        .title = d->title && *d->title ? d->title : name_of(what),
        .subtitle = d->subtitle,
        .author = d->author,
        .feed_title = site,
        .url = url,
        .language = d->language,
        .base = url,
        .content = buf_cstr(&html),
        .content_len = html.len,
        .type = CONTENT_HTML,
        .published = published,
        .words = d->words,
    };
    bool ok = d->len || err_set(e, ERR_FORMAT, "there is no text to keep in %s", what);
    ok = ok && store_bookmark_snapshot(s, &sn, (int64_t)time(NULL), id, e);
    buf_free(&html);
    return ok;
}

static bool keep_html(struct store *s, const char *bytes, size_t len, const char *charset,
                      const char *what, const char *url, int64_t *id, struct err *e)
{
    const struct extract_source from = {.url = url, .charset = charset};
    struct extract x = {0};
    if (extract_page(bytes, len, &from, &x, NULL)) {
        bool ok = keep_doc(s, x.doc, what, url, x.site, id, e);
        extract_free(&x);
        return ok;
    }
    const struct doc_source src = {.url = url};
    struct doc *d = doc_from_html_bytes(bytes, len, charset, &src);
    bool ok = keep_doc(s, d, what, url, NULL, id, e);
    doc_free(d);
    return ok;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcasecmp(s + n - m, end) == 0;
}

static bool keep_file(struct store *s, const char *name, int64_t *id, struct err *e)
{
    struct buf b = {0};
    bool ok = buf_read_file(&b, name, DOC_MAX_INPUT, e);
    bool markdown = ends_with(name, ".md") || ends_with(name, ".markdown"),
         text = ends_with(name, ".txt");
    if (ok && (markdown || text)) {
        struct doc *d = markdown ? doc_from_markdown(buf_cstr(&b), b.len, NULL)
                                 : doc_from_text(buf_cstr(&b), b.len, NULL);
        ok = keep_doc(s, d, name, d->url, NULL, id, e);
        doc_free(d);
    } else if (ok) {
        ok = keep_html(s, buf_cstr(&b), b.len, NULL, name, NULL, id, e);
    }
    buf_free(&b);
    return ok;
}

bool keep_page(const struct session *se, struct store *s, const char *what, int64_t *id,
               bool *existed, struct err *e)
{
    *existed = false;
    if (!is_web(what))
        return keep_file(s, what, id, e);
    if (!find_kept(s, what, id, e))
        return false;
    *existed = *id != 0;
    if (*existed)
        return true;
    struct http_reply r = {0};
    char charset[64];
    if (!fetch_get(what, se->conf, &r, e))
        return false;
    charset_of(r.content_type, charset);
    bool ok =
        keep_html(s, r.body, r.len, *charset ? charset : NULL, what, r.url ? r.url : what, id, e);
    http_reply_free(&r);
    return ok;
}
