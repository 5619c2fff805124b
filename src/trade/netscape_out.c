// Netscape's bookmark file, which every browser takes: addresses, titles, dates, tags, and the note
// below
// (https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)).
#include <stdlib.h>
#include <string.h>

#include "trade/out.h"

static void head(struct buf *out)
{
    buf_str(out, "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n"
                 "<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n"
                 "<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n");
}

static void tags(struct buf *out, const char *const *list)
{
    buf_str(out, " TAGS=\"");
    for (size_t i = 0; list[i]; i++) {
        if (i)
            buf_char(out, ',');
        // A comma parts tags here; one within a tag becomes a space.
        char *tag = mem_strdup(list[i]);
        for (char *p = tag; *p; p++)
            if (*p == ',')
                *p = ' ';
        buf_markup(out, tag);
        free(tag);
    }
    buf_char(out, '"');
}

// Only what has an address: a bookmark of a file has no place in a browser.
static void one(struct buf *out, const struct kept *k, size_t nth)
{
    const struct item_row *r = &k->body.row;
    (void)nth;
    if (!r->url || !*r->url)
        return;
    buf_str(out, "<DT><A HREF=\"");
    buf_markup(out, r->url);
    buf_printf(out, "\" ADD_DATE=\"%lld\"", (long long)r->kept);
    if (r->tags[0])
        tags(out, (const char *const *)r->tags);
    buf_str(out, r->flags & ITEM_FINISHED ? " TOREAD=\"0\">" : " TOREAD=\"1\">");
    buf_markup(out, *r->title ? r->title : r->url);
    buf_str(out, "</A>\n");
    if (!k->note)
        return;
    buf_str(out, "<DD>");
    buf_markup(out, k->note);
    buf_char(out, '\n');
}

static void foot(struct buf *out, size_t n)
{
    (void)n;
    buf_str(out, "</DL><p>\n");
}

const struct out_form out_netscape = {head, one, foot};
