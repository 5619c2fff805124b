// An essay in which nothing can be heard: whether somebody reads it aloud is asked of the
// newsletter when the reader wants to listen, by the worker; what it says is played when it comes,
// if the reader is still at that essay.
#include <stdlib.h>

#include "lectern/client.h"
#include "lectern/narration.h"
#include "view.h"

bool narrated_ask(struct ui *u, const struct item_body *item)
{
    struct narrations w;
    struct err e = ERR_INIT;
    int64_t id = item->row.id;
    if (!narration_may_be(item))
        return false;
    struct arena *a = arena_new();
    bool ok = store_narrations(u->set.store, id, a, &w, &e);
    if (!ok)
        ui_message(u, true, "%s", e.msg);
    else if (!narration_is_due(&w, ui_now(u)))
        ui_hint(u, "Nothing to listen to: %s", w.why ? w.why : "what there is cannot be played");
    else if (!ui_may_fetch(u))
        ; // it is said
    else if (client_narration(u->set.client, id)) {
        u->listening_for = id;
        ui_hint(u, "Asking the newsletter whether this essay is read aloud");
    } else {
        ui_message(u, true,
                   "The fetcher is not running, and who reads this essay aloud is not "
                   "known yet");
    }
    arena_free(a);
    return true;
}

void narrated_came(struct ui *u, const struct client_event *ev)
{
    bool waited = u->listening_for == ev->item && ui_hand(u).item == ev->item;
    if (u->listening_for == ev->item)
        u->listening_for = 0;
    if (ev->kind == CLIENT_NARRATION_ERR) {
        ui_message(u, true, "%s", ev->text);
        return;
    }
    if (ev->added == 0) {
        ui_message(u, false, "Nothing to listen to: %s", ev->text);
        return;
    }
    ui_touch(u); // it has the mark of audio now
    whole_again(u, ev->item);
    if (waited)
        item_listen(u, ev->item);
    else
        ui_message(u, false, "An essay can be listened to: it has %lld recording%s",
                   (long long)ev->added, ev->added == 1 ? "" : "s");
}
