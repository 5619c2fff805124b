// Older essays from within the reader: a key begins to bring them in and the same key ends it; the
// worker does it meanwhile. What has come so far stands beside the title of every list, and where a
// feed's own list ends.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/client.h"
#include "lectern/mem.h"
#include "lectern/sieve.h"
#include "view.h"

enum { AT_A_TIME = 100 };

static void begin(struct ui *u, int64_t feed, int64_t limit, int64_t since)
{
    if (!ui_may_fetch(u))
        return;
    if (!feed) {
        ui_hint(u, "There is no feed here whose older essays could be brought in");
        return;
    }
    if (u->older.on && u->older.feed != feed) {
        ui_hint(u, "Older essays of another feed are being brought in; one after the other");
        return;
    }
    if (!client_older(u->set.client, feed, limit, since)) {
        ui_message(u, true, "The fetcher is not running; `lectern archive %lld` in a shell does it",
                   (long long)feed);
        return;
    }
    u->older.on = true;
    u->older.feed = feed;
    u->older.added = u->older.reached = u->older.waits = 0;
    ui_touch_marks(u);
}

void older_act(struct ui *u, int64_t feed, int count)
{
    if (u->older.on && u->older.feed == feed) {
        client_stop_older(u->set.client);
        ui_hint(u, "No more older essays; what has come stays");
        return;
    }
    begin(u, feed, count > 0 ? count : AT_A_TIME, 0);
}

void older_since(struct ui *u, int64_t feed, const char *date)
{
    int64_t since = 0;
    if (!*date)
        older_act(u, feed, 0);
    else if (sieve_date(date, u->when, ui_now(u), &since))
        begin(u, feed, 0, since);
    else
        ui_message(u, true, "“%.40s” is no date: 2019, 2019-03, 2019-03-31 or 90d are", date);
}

static void so_far(const struct ui *u, const char *what, struct buf *out)
{
    struct tm tm;
    buf_printf(out, "%lld %s", (long long)u->older.added, what);
    if (u->older.waits) {
        buf_str(out, ", its server wants peace until ");
        when_clock(u->when, u->older.waits, ui_now(u), out);
    } else if (u->older.reached) {
        when_local(u->when, u->older.reached, &tm);
        buf_printf(out, ", back to %d", tm.tm_year + 1900);
    }
}

bool older_figure(const struct ui *u, struct buf *out)
{
    if (u->older.on)
        so_far(u, "older", out);
    return u->older.on;
}

bool older_line(struct ui *u, const struct feed_row *f, struct buf *out)
{
    const char *key = ui_key_of(u, VIEW_CONTENTS, ACT_OLDER);
    bool web = strncmp(f->url, "http", 4) == 0;
    if (!u->set.client || !*key || !web || !f->total)
        return false;
    if (u->older.on && u->older.feed == f->id) {
        buf_str(out, "Bringing in older essays: ");
        so_far(u, "so far", out);
        buf_printf(out, " (%s stops)", key);
    } else if (client_older_ended(u->set.store, f->id)) {
        buf_printf(out, "All older essays are here (%s looks again)", key);
    } else {
        buf_printf(out, "Older essays: %s brings them in", key);
    }
    return true;
}

void older_event(struct ui *u, const struct client_event *ev)
{
    struct arena *a = arena_new();
    struct feed_row f;
    const char *name =
        store_feed(u->set.store, ev->feed, a, &f, NULL) ? f.title : "A feed that is gone";
    u->older.on = ev->kind == CLIENT_OLDER;
    u->older.feed = ev->feed;
    u->older.added = ev->added;
    u->older.reached = ev->changed;
    u->older.waits = ev->waits;
    if (ev->kind == CLIENT_OLDER_ERR && ev->added)
        ui_message(u, true, "%s: %s; %lld older essay%s came before that, and %s goes on", name,
                   ev->text, (long long)ev->added, ev->added == 1 ? "" : "s",
                   ui_key_of(u, VIEW_CONTENTS, ACT_OLDER));
    else if (ev->kind == CLIENT_OLDER_ERR)
        ui_message(u, true, "%s: %s", name, ev->text);
    else if (ev->kind == CLIENT_OLDER_END)
        ui_message(u, false, ev->more ? "%s: %s; there is more, %s goes on" : "%s: %s", name,
                   ev->text, ui_key_of(u, VIEW_CONTENTS, ACT_OLDER));
    if (ev->kind == CLIENT_OLDER)
        ui_touch_marks(u);
    else
        ui_touch(u);
    arena_free(a);
}
