// Markdown -> HTML -> document. discount makes the HTML; everything in front of it is a fence
// (markdown_fence.c), and everything behind it is the reader that all HTML passes, so the same
// essay gives the same document either way. Quotes and dashes are left as typed: the author's text
// has its own.
#include "markdown.h"

#include <mkdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"

#define MARKDOWN_MAX (16u << 20)

// What is asked of discount.
#define MEANT(X)          \
    X(MKD_NOPANTS)        \
    X(MKD_NOHEADER)       \
    X(MKD_NOSUPERSCRIPT)  \
    X(MKD_NO_EXT)         \
    X(MKD_NOALPHALIST)    \
    X(MKD_NODIVQUOTE)     \
    X(MKD_NODLDISCOUNT)   \
    X(MKD_NOSTYLE)        \
    X(MKD_EXTRA_FOOTNOTE) \
    X(MKD_FENCEDCODE)     \
    X(MKD_GITHUBTAGS)     \
    X(MKD_EXPLICITLIST)

// Version 3 takes flags by pointer, version 2 by value.
static bool compile(MMIOT *m, bool definitions)
{
#ifdef DISCOUNT3
    mkd_flag_t *flags = mkd_flags();
#define X(flag) mkd_set_flag_num(flags, flag);
    MEANT(X)
#undef X
    if (definitions)
        mkd_set_flag_num(flags, MKD_DLEXTRA);
    bool ok = mkd_compile(m, flags);
    mkd_free_flags(flags);
    return ok;
#else
#define X(flag) | flag
    return mkd_compile(m, (definitions ? MKD_DLEXTRA : 0)MEANT(X));
#undef X
#endif
}

static MMIOT *parse(const char *s, int len)
{
#ifdef DISCOUNT3
    return mkd_string(s, len, NULL);
#else
    return mkd_string(s, len, 0);
#endif
}

// Without the mark that is ours alone.
static void take_out(struct buf *b, const char *mark)
{
    size_t n = strlen(mark), kept = 0;
    char *end = b->data + b->len;
    for (char *s = b->data; s < end;) {
        char *next = memmem(s, (size_t)(end - s), mark, n);
        size_t some = (size_t)((next ? next : end) - s);
        memmove(b->data + kept, s, some);
        kept += some;
        s += some + (next ? n : 0);
    }
    b->len = kept;
    b->data[kept] = '\0';
}

struct doc *doc_from_markdown(const char *md, size_t len, const struct doc_source *src)
{
    struct doc_builder *b = doc_builder_new();
    struct buf clean = {0}, fenced = {0};
    bool cut = len > MARKDOWN_MAX;
    utf8_clean(&clean, md, cut ? MARKDOWN_MAX : len, UTF8_TEXT);
    buf_reserve(&clean, 0);
    take_out(&clean, MARKDOWN_START);
    size_t front = markdown_front(clean.data, clean.len, b);
    markdown_fence(&fenced, clean.data + front, clean.len - front);
    char *html = NULL;
    int n = 0;
    mkd_with_html5_tags();
    MMIOT *m = fenced.len ? parse(fenced.data, (int)fenced.len) : NULL;
    if (m && compile(m, markdown_definitions(fenced.data, fenced.len)))
        n = mkd_document(m, &html);
    size_t html_len = html && n > 0 ? (size_t)n : 0;
    struct buf linked = {0};
    bool more =
        html_len && markdown_notes(&linked, html, html_len, clean.data + front, clean.len - front);
    struct doc *d = html_from_markdown(more       ? linked.data
                                       : html_len ? html
                                                  : "",
                                       more ? linked.len : html_len, src, b, cut);
    buf_free(&linked);
    buf_free(&clean);
    if (m)
        mkd_cleanup(m);
    buf_free(&fenced);
    return d;
}
