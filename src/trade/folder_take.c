// What a folder's files say, into the library: new bookmarks, and what a person changed in those
// that are there. Where a file alone was changed it says all there is: a tag that was taken out is
// taken away. Where the library was changed as well, nothing of either is lost.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "lectern/hash.h"
#include "lectern/highlight.h"
#include "trade/folder.h"

static bool same(const char *x, const char *y)
{
    return strcmp(x ? x : "", y ? y : "") == 0;
}

static bool has_tag(const char **tags, const char *tag)
{
    for (; *tags; tags++)
        if (strcasecmp(*tags, tag) == 0)
            return true;
    return false;
}

static bool take_tags(struct store *s, int64_t id, const struct kept *have, const struct kept *file,
                      bool all, bool *changed, struct err *e)
{
    bool ok = true;
    const char **old = have->body.row.tags, **new = file->body.row.tags;
    for (size_t i = 0; ok && new[i]; i++)
        if (!has_tag(old, new[i])) {
            ok = store_bookmark_tag(s, id, new[i], true, e);
            *changed = true;
        }
    for (size_t i = 0; ok && all && old[i]; i++)
        if (!has_tag(new, old[i])) {
            ok = store_bookmark_tag(s, id, old[i], false, e);
            *changed = true;
        }
    return ok;
}

static void take_note(struct store *s, int64_t id, const struct kept *have, const struct kept *file,
                      bool all, bool *changed)
{
    if (same(have->note, file->note) || (!all && !file->note))
        return;
    if (all || !have->note) {
        store_set_note(s, id, file->note);
    } else if (strstr(have->note, file->note)) {
        return;
    } else { // both were changed: both are there
        char *both = strstr(file->note, have->note)
                         ? mem_strdup(file->note)
                         : mem_printf("%s\n\n%s", have->note, file->note);
        store_set_note(s, id, both);
        free(both);
    }
    *changed = true;
}

static const struct kept_highlight *twin(const struct kept *in, const struct kept_highlight *h)
{
    for (size_t i = 0; i < in->nhighlights; i++)
        if (h->id && in->highlights[i].id ? in->highlights[i].id == h->id
                                          : same(in->highlights[i].quote, h->quote))
            return &in->highlights[i];
    return NULL;
}

static void take_highlights(struct store *s, int64_t id, const struct kept *have,
                            const struct kept *file, bool all, bool *changed)
{
    for (size_t i = 0; i < file->nhighlights; i++) {
        const struct kept_highlight *h = &file->highlights[i], *old = twin(have, h);
        if (!old)
            continue; // kept_add does those
        if (!same(h->note, old->note) && (all || (h->note && !old->note))) {
            store_highlight_set_note(s, old->id, h->note);
            *changed = true;
        }
        if (all && h->colour && !same(h->colour, old->colour)) {
            store_highlight_set_colour(s, old->id, kept_colour(h->colour));
            *changed = true;
        }
    }
    for (size_t i = 0; all && i < have->nhighlights; i++)
        if (!twin(file, &have->highlights[i])) {
            store_highlight_remove(s, have->highlights[i].id);
            *changed = true;
        }
    kept_add(s, id, have, file, changed);
}

// What stands in front, where the file says something else. What it does not say stays.
static bool differs(const struct item_row *have, const struct item_row *file)
{
    return (*file->title && !same(file->title, have->title)) ||
           (file->subtitle && !same(file->subtitle, have->subtitle)) ||
           (file->author && !same(file->author, have->author)) ||
           (file->feed_title && !same(file->feed_title, have->feed_title)) ||
           (file->published && file->published != have->published);
}

// The text as a file would have it, without its blank ends: what a person left alone is the same.
static bool same_text(const struct kept *have, const struct kept *file)
{
    struct buf body = {0};
    page_body(have, &body);
    while (body.len && strchr(" \t\r\n", body.data[body.len - 1]))
        body.len--;
    size_t from = 0, len = file->body.content_len;
    while (from < body.len && strchr("\r\n", body.data[from]))
        from++;
    while (len && strchr(" \t\r\n", file->body.content[len - 1]))
        len--;
    bool is =
        body.len - from == len && (!len || memcmp(body.data + from, file->body.content, len) == 0);
    buf_free(&body);
    return is;
}

static bool take_text(struct store *s, int64_t id, const struct kept *have, const struct kept *file,
                      bool all, bool *changed, struct err *e)
{
    bool text =
        file->body.content_len && (all || have->carried.address_only) && !same_text(have, file);
    bool facts = all && differs(&have->body.row, &file->body.row);
    if (!text && !facts)
        return true;
    struct item_body b = have->body;
    if (facts) {
        const struct item_row *r = &file->body.row;
        b.row.title = *r->title ? r->title : b.row.title;
        b.row.subtitle = r->subtitle ? r->subtitle : b.row.subtitle;
        b.row.author = r->author ? r->author : b.row.author;
        b.row.feed_title = r->feed_title ? r->feed_title : b.row.feed_title;
        b.row.published = r->published ? r->published : b.row.published;
    }
    if (text) {
        b.content = file->body.content;
        b.content_len = file->body.content_len;
        b.type = file->body.type;
        b.row.words = file->body.row.words;
    }
    *changed = true;
    return store_carry_text(s, id, &b, e);
}

bool folder_take(struct store *s, int64_t id, const struct kept *file, bool all, int64_t now,
                 bool *changed, struct err *e)
{
    struct arena *a = arena_new();
    struct kept have;
    unsigned begun = ITEM_STARTED | ITEM_FINISHED, state = file->body.row.flags & begun;
    bool ok = kept_load(s, id, a, &have, e) && take_tags(s, id, &have, file, all, changed, e) &&
              take_text(s, id, &have, file, all, changed, e);
    if (ok) {
        take_note(s, id, &have, file, all, changed);
        take_highlights(s, id, &have, file, all, changed);
        if (state && state != (have.body.row.flags & begun) &&
            (all || !(have.body.row.flags & begun))) {
            store_set_place(s, id, file->body.row.place, file->body.row.progress, now);
            *changed = true;
        }
    }
    arena_free(a);
    return ok;
}
