// What a reader wrote beside a bookmark and marked in it, out of the library and into it.
#include <stdlib.h>
#include <string.h>

#include "lectern/highlight.h"
#include "trade/kept.h"

bool kept_marks(struct store *s, int64_t id, struct arena *a, struct kept *out, struct err *e)
{
    struct highlight *all;
    size_t n;
    if (!store_highlights(s, id, a, &all, &n, e) || !store_note(s, id, a, &out->note, e))
        return false;
    out->highlights = arena_alloc(a, (n + 1) * sizeof *out->highlights);
    out->nhighlights = n;
    for (size_t i = 0; i < n; i++)
        out->highlights[i] = (struct kept_highlight){.id = all[i].id,
                                                     .from = all[i].from,
                                                     .to = all[i].to,
                                                     .colour = highlight_colours[all[i].colour],
                                                     .made = all[i].made,
                                                     .quote = all[i].quote,
                                                     .before = all[i].before,
                                                     .after = all[i].after,
                                                     .note = all[i].note};
    return true;
}

enum highlight_colour kept_colour(const char *name)
{
    int i = 0;
    while (name && i < HIGHLIGHT_COLOUR_COUNT && strcmp(highlight_colours[i], name) != 0)
        i++;
    return i < HIGHLIGHT_COLOUR_COUNT && name ? (enum highlight_colour)i : HIGHLIGHT_YELLOW;
}

static const struct kept_highlight *there(const struct kept *have, const struct kept_highlight *h)
{
    for (size_t i = 0; i < have->nhighlights; i++)
        if ((h->id && have->highlights[i].id == h->id) ||
            (!h->id && strcmp(have->highlights[i].quote, h->quote) == 0))
            return &have->highlights[i];
    return NULL;
}

void kept_add(struct store *s, int64_t id, const struct kept *have, const struct kept *k,
              bool *changed)
{
    if (k->note && !have->note) {
        store_set_note(s, id, k->note);
        *changed = true;
    }
    for (size_t i = 0; i < k->nhighlights; i++) {
        const struct kept_highlight *h = &k->highlights[i], *old = there(have, h);
        if (old && h->note && !old->note)
            store_highlight_set_note(s, old->id, h->note);
        else if (!old)
            store_highlight_add(s, id,
                                &(struct highlight){.id = h->id,
                                                    .from = h->from,
                                                    .to = h->to,
                                                    .colour = kept_colour(h->colour),
                                                    .made = h->made,
                                                    .quote = h->quote,
                                                    .before = h->before ? h->before : "",
                                                    .after = h->after ? h->after : "",
                                                    .note = h->note});
        *changed = *changed || !old || (h->note && !old->note);
    }
}
