// An essay's whole text from its page: fetched by the worker when it is asked for, looked at when
// it has come, and from then on one key away from what the feed sent. The place goes along: the
// words at the top of the page are looked for in the other text.
#include <stdlib.h>
#include <string.h>

#include "lectern/client.h"
#include "lectern/essay.h"
#include "lectern/mem.h"
#include "lectern/whole.h"
#include "reader.h"

// Where the words at a place stand in another text; as far in as there where they do not.
static uint32_t place_in(const struct doc *from, uint32_t place, const struct doc *to)
{
    enum { WORDS = 48, LEAST = 16 };
    if (place == 0 || !to->len || !from->len)
        return 0;
    for (uint32_t len = from->len - place < WORDS ? from->len - place : WORDS; len >= LEAST;
         len /= 2) {
        const char *found = memmem(to->text, to->len, from->text + place, len);
        if (found)
            return (uint32_t)(found - to->text);
    }
    uint32_t off = (uint32_t)((uint64_t)place * to->len / from->len);
    uint32_t leaf = doc_leaf_at(to, off);
    return leaf == DOC_NONE ? 0 : to->blocks[leaf].off;
}

// The essay anew as the library has it, or as the feed sent it.
static bool show(struct reader *r, bool article)
{
    struct ui *u = r->view.ui;
    struct arena *a = arena_new();
    struct item_body item;
    struct err e = ERR_INIT;
    bool ok = article ? store_item(u->set.store, r->id, a, &item, &e)
                      : store_item_sent(u->set.store, r->id, a, &item, &e);
    if (!ok) {
        arena_free(a);
        ui_message(u, true, "%s", e.msg);
        return false;
    }
    if (article && !item.whole) { // another Lectern holds the lock
        arena_free(a);
        ui_message(u, true, "The library is busy; try again in a moment");
        return false;
    }
    struct doc *d = essay_document(&item);
    uint32_t place = place_in(r->doc, r->place, d);
    if (u->found)
        ui_search_end(u);
    reader_take(r, a, &item, d, place);
    return true;
}

// What may be missing in it is said where it is looked at.
void whole_told(const struct reader *r, struct buf *out)
{
    if (!r->item.whole)
        return;
    struct ui *u = r->view.ui;
    struct arena *a = arena_new();
    struct whole w;
    buf_printf(out, "%s%s", out->len ? (u->set.ascii ? " - " : " · ") : "", "from its page");
    if (store_whole(u->set.store, r->id, a, &w, NULL) && w.paywalled && !w.preview)
        buf_str(out, ", which is not free: it may not be all");
    arena_free(a);
}

static void ask(struct reader *r)
{
    struct ui *u = r->view.ui;
    if (!ui_may_fetch(u))
        return;
    if (!client_page(u->set.client, r->id))
        ui_message(u, true,
                   "The fetcher is not running; `lectern read %lld --extract` in a shell "
                   "does the same",
                   (long long)r->id);
    else
        ui_hint(u, "Fetching the page of this essay");
}

void whole_act(struct reader *r, int count)
{
    struct ui *u = r->view.ui;
    const struct item_body *b = &r->item;
    if (r->id < 0) {
        ui_hint(u, "A bookmark stays as it was kept");
    } else if (!b->has_whole || count > 1) {
        if (!b->row.url || !*b->row.url)
            ui_hint(u, "The feed gives no address for this essay");
        else
            ask(r);
    } else {
        bool article = !b->whole;
        if (store_writable(u->set.store)) // where it cannot be kept it holds as long as this view
            store_whole_show(u->set.store, r->id, article, NULL);
        if (show(r, article))
            ui_hint(u,
                    article ? "The article of its page; %s shows what the feed sent"
                            : "What the feed sent; %s shows the article of its page",
                    ui_key_of(u, VIEW_READER, ACT_WHOLE));
    }
}

static struct reader *reading(struct ui *u, int64_t item)
{
    for (size_t i = u->depth; i-- > 0;)
        if (u->stack[i]->ops->kind == VIEW_READER && ((struct reader *)u->stack[i])->id == item)
            return (struct reader *)u->stack[i];
    return NULL;
}

void whole_again(struct ui *u, int64_t item)
{
    struct reader *r = reading(u, item);
    if (r)
        show(r, r->item.whole);
}

void whole_came(struct ui *u, const struct client_event *ev)
{
    struct reader *r = reading(u, ev->item);
    if (ev->kind == CLIENT_PAGE_ERR) {
        if (r)
            ui_message(u, true, "%s", ev->text);
        else
            ui_message(u, true, "A page could not be read: %s", ev->text);
        return;
    }
    ui_touch(u);     // its minutes are others now
    if (ev->existed) // nobody asked: what is being read does not change under one's eyes
        return;
    if (!r)
        ui_message(u, false, "The page of an essay is kept");
    else if (show(r, true) && *ev->text)
        ui_message(u, false, "Not all of it, perhaps: %s", ev->text);
    else
        ui_message(u, false, "The article of its page is kept; %s shows what the feed sent",
                   ui_key_of(u, VIEW_READER, ACT_WHOLE));
}
