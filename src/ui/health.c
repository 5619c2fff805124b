// How a subscription does, in words: a few beside its name on the shelf, whole sentences where its
// essays would be.
#include <string.h>

#include "view.h"

void health_words(const struct ui *u, const struct feed_row *f, bool brief, struct buf *out)
{
    struct buf since = {0};
    if (f->last_good && !brief) {
        buf_str(&since, " since ");
        when_day(u->when, f->last_good, ui_now(u), &since);
    }
    switch (f->health) {
    case HEALTH_NEW:
        buf_str(out, brief ? "new" : "not fetched yet");
        break;
    case HEALTH_FAILING:
        buf_printf(out, "failing%s", buf_cstr(&since));
        break;
    case HEALTH_PARKED:
        buf_printf(out, brief ? "parked" : "gone%s: parked", buf_cstr(&since));
        break;
    case HEALTH_CUT_SHORT:
        buf_str(out, "cut short");
        break;
    case HEALTH_OK:
        break;
    }
    buf_free(&since);
}

void health_next(struct ui *u, const struct feed_row *f, struct buf *out)
{
    if (f->next_due <= ui_now(u))
        return;
    buf_str(out, "; next try ");
    when_clock(u->when, f->next_due, ui_now(u), out);
    buf_printf(out, " (%s tries now)", ui_key_of(u, VIEW_SHELF, ACT_FETCH));
}

// The words of others begin as they like and may end without a full stop.
static void sentence(struct buf *out, const char *s)
{
    size_t at = out->len;
    buf_str(out, s);
    if (out->len > at && out->data[at] >= 'a' && out->data[at] <= 'z')
        out->data[at] = (char)(out->data[at] - 'a' + 'A');
    if (out->len > at && !strchr(".?!", out->data[out->len - 1]))
        buf_char(out, '.');
}

void health_story(struct ui *u, const struct feed_row *f, struct buf *out)
{
    const char *key = ui_key_of(u, VIEW_CONTENTS, ACT_FETCH), *advice = store_feed_advice(f);
    if (f->health == HEALTH_NEW && !f->error) {
        buf_printf(out, "Not fetched yet. %s fetches it now.", key);
        return;
    }
    if (f->error)
        sentence(out, f->error);
    if (advice) {
        buf_str(out, out->len ? " " : "");
        sentence(out, advice);
    }
    if (f->error && f->health != HEALTH_PARKED && f->next_due > ui_now(u)) {
        buf_str(out, " Next try ");
        when_clock(u->when, f->next_due, ui_now(u), out);
        buf_printf(out, "; %s tries now.", key);
    } else if (f->error) {
        buf_printf(out, " %s tries now.", key);
    }
}
