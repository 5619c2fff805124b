// What happened, in words: messages of the reader itself and the news of the worker. A message
// stands in the bottom line for a moment and in the list of messages from then on.
#include "view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

enum { MESSAGES_KEPT = 500, MESSAGE_SECONDS = 12 };

// ---- messages ----

static void remember(struct ui *u, bool error, const char *text)
{
    if (u->nsaid == MESSAGES_KEPT) {
        free(u->said[0].text);
        memmove(u->said, u->said + 1, --u->nsaid * sizeof *u->said);
    }
    u->said = mem_grow(u->said, &u->said_cap, u->nsaid + 1, sizeof *u->said);
    u->said[u->nsaid++] = (struct said){ui_now(u), error, mem_strdup(text)};
    for (size_t i = 0; i < u->depth; i++)
        if (u->stack[i]->ops->kind == VIEW_MESSAGES)
            u->stack[i]->stale = STALE_ALL;
}

// Into the history, or for a while into the bottom line, or both.
static void say(struct ui *u, bool error, bool keep, bool show, const char *fmt, va_list ap)
{
    struct err clean; // one line, no controls, whatever a feed's title brought along
    char text[sizeof clean.msg];
    vsnprintf(text, sizeof text, fmt, ap);
    err_set(&clean, ERR_OTHER, "%s", text);
    if (keep)
        remember(u, error, clean.msg);
    if (show) {
        free(u->message.text);
        u->message.text = mem_strdup(clean.msg);
        u->message.error = error;
        u->message.until = ui_now(u) + MESSAGE_SECONDS;
        u->dirty = true;
    }
}

void ui_message(struct ui *u, bool error, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(u, error, true, true, fmt, ap);
    va_end(ap);
}

void ui_hint(struct ui *u, const char *fmt, ...)
{
    if (u->prompt.edit) // what is typed is not done yet
        return;
    va_list ap;
    va_start(ap, fmt);
    say(u, false, false, true, fmt, ap);
    va_end(ap);
}

static void LECTERN_PRINTF(3, 4) ui_note(struct ui *u, bool error, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(u, error, true, false, fmt, ap);
    va_end(ap);
}

// ---- what the worker says ----

static char *feed_name(struct ui *u, int64_t id)
{
    struct arena *a = arena_new();
    struct feed_row f;
    char *name =
        mem_strdup(store_feed(u->set.store, id, a, &f, NULL) ? f.title : "a feed that is gone");
    arena_free(a);
    return name;
}

// Why, when it is tried again, and how to try now.
static void say_failed(struct ui *u, const struct client_event *ev, const char *name)
{
    struct arena *a = arena_new();
    struct feed_row f;
    struct buf next = {0};
    if (store_feed(u->set.store, ev->feed, a, &f, NULL))
        health_next(u, &f, &next);
    if (u->fetch.total == 1)
        ui_message(u, true, "%s: %s%s", name, ev->text, buf_cstr(&next));
    else
        ui_note(u, true, "%s: %s%s", name, ev->text, buf_cstr(&next));
    buf_free(&next);
    arena_free(a);
}

static void fetched(struct ui *u, const struct client_event *ev)
{
    u->fetch.on = false;
    if (ev->failed && u->fetch.total == 1)
        return; // its own message stands
    struct buf b = {0};
    if (ev->added)
        buf_printf(&b, "%lld new essay%s", (long long)ev->added, ev->added == 1 ? "" : "s");
    else
        buf_str(&b, "Nothing new");
    if (ev->failed == 1)
        buf_str(&b, "; one feed could not be fetched");
    else if (ev->failed)
        buf_printf(&b, "; %d feeds could not be fetched", ev->failed);
    if (ev->failed)
        buf_printf(&b, " (%s says why)", ui_key_of(u, ui_view(u), ACT_MESSAGES));
    // What went wrong just before is not to be lost over that.
    if (!ev->added && !ev->failed && u->message.text && u->message.error)
        ui_note(u, false, "%s", buf_cstr(&b));
    else
        ui_message(u, ev->failed > 0, "%s", buf_cstr(&b));
    buf_free(&b);
}

static void imported(struct ui *u, const struct client_event *ev)
{
    struct buf b = {0};
    if (ev->added)
        buf_printf(&b, "%lld feed%s added", (long long)ev->added, ev->added == 1 ? "" : "s");
    else
        buf_str(&b, "Nothing was added");
    if (ev->essays)
        buf_printf(&b, " with %lld essay%s, %lld unread", (long long)ev->essays,
                   ev->essays == 1 ? "" : "s", (long long)ev->unread);
    if (ev->changed)
        buf_printf(&b, "; %lld on the shelf already", (long long)ev->changed);
    if (ev->failed)
        buf_printf(&b, "; %d not taken (%s says why)", ev->failed,
                   ui_key_of(u, ui_view(u), ACT_MESSAGES));
    ui_message(u, ev->failed > 0, "%s", buf_cstr(&b));
    buf_free(&b);
    ui_touch(u);
    if (ev->added)
        client_fetch_all(u->set.client, false); // what is new is due
}

static void brought(struct ui *u, const struct client_event *ev)
{
    struct buf b = {0};
    buf_printf(&b, "%s: %lld bookmark%s added", ev->text, (long long)ev->added,
               ev->added == 1 ? "" : "s");
    if (ev->changed)
        buf_printf(&b, "; %lld there already", (long long)ev->changed);
    if (ev->failed)
        buf_printf(&b, "; %d not taken (%s says why)", ev->failed,
                   ui_key_of(u, ui_view(u), ACT_MESSAGES));
    ui_message(u, ev->failed > 0, "%s", buf_cstr(&b));
    buf_free(&b);
    ui_touch(u);
}

void ui_event(struct ui *u, const struct client_event *ev)
{
    char *name;
    u->dirty = true;
    switch (ev->kind) {
    case CLIENT_BEGIN:
        u->fetch.on = ev->total > 0;
        u->fetch.total = ev->total;
        u->fetch.done = 0;
        break;
    case CLIENT_OK:
        u->fetch.done++;
        if (ev->added > 0) {
            name = feed_name(u, ev->feed);
            ui_note(u, false, "%s: %lld new essay%s", name, (long long)ev->added,
                    ev->added == 1 ? "" : "s");
            free(name);
        }
        break;
    case CLIENT_SAME:
        u->fetch.done++;
        break;
    case CLIENT_ERR:
        u->fetch.done++;
        name = feed_name(u, ev->feed);
        say_failed(u, ev, name);
        free(name);
        ui_touch(u);
        break;
    case CLIENT_END:
        fetched(u, ev);
        ui_touch(u);
        break;
    case CLIENT_ADDED:
        if (ev->existed)
            ui_message(u, false, "%s is on the shelf already", ev->text);
        else
            ui_message(u, false, "%s: %lld essay%s to read", ev->text, (long long)ev->added,
                       ev->added == 1 ? "" : "s");
        ui_touch(u);
        shelf_added(u->stack[0], ev->feed);
        break;
    case CLIENT_ADD_ERR:
        ui_message(u, true, "%s", ev->text);
        break;
    case CLIENT_IMPORTED:
        imported(u, ev);
        break;
    case CLIENT_KEPT:
        brought(u, ev);
        break;
    case CLIENT_NOTE:
        ui_note(u, true, "%s", ev->text);
        break;
    case CLIENT_PAGE:
    case CLIENT_PAGE_ERR:
        whole_came(u, ev);
        break;
    case CLIENT_NARRATION:
    case CLIENT_NARRATION_ERR:
        narrated_came(u, ev);
        break;
    case CLIENT_WENT:
        name = feed_name(u, ev->feed);
        ui_note(u, false, "%s: %lld old essay%s went (keep-days, keep-count)", name,
                (long long)ev->changed, ev->changed == 1 ? "" : "s");
        free(name);
        ui_touch(u);
        break;
    case CLIENT_OLDER:
    case CLIENT_OLDER_END:
    case CLIENT_OLDER_ERR:
        older_event(u, ev);
        break;
    case CLIENT_DIED:
        u->fetch.on = u->older.on = false;
        ui_message(u, true, "%s",
                   *ev->text ? ev->text
                             : "The fetcher ended early; the next fetch starts it again");
        ui_touch(u);
        break;
    case CLIENT_INDEXED:
    case CLIENT_GET:
    case CLIENT_NONE:
        break;
    }
}
