// What the contents and the essay both do to an item: keep it, let it go, listen, open or copy its
// address. What leaves this machine goes by audio.h; where there is neither player nor display, the
// address travels to where there are.
#include <stdlib.h>
#include <string.h>

#include "lectern/audio.h"
#include "lectern/mem.h"
#include "lectern/keeper.h"
#include "panel.h"
#include "player.h"

enum { PATIENCE_MS = 400, AUDIOS = 9 };

static bool item_of(struct ui *u, int64_t id, struct arena *a, struct item_row *r)
{
    struct err e = ERR_INIT;
    *r = (struct item_row){0};
    if (!store_rows(u->set.store, &id, 1, a, r, &e))
        ui_message(u, true, "%s", e.msg);
    else if (!r->id)
        ui_hint(u, "This essay is no longer in the library");
    return r->id != 0;
}

static void say_kept_since(struct ui *u, int64_t bookmark)
{
    struct arena *a = arena_new();
    struct item_row r = {0};
    struct buf date = {0};
    const char *key = ui_key_of(u, VIEW_CONTENTS, ACT_BOOKMARK);
    if (store_rows(u->set.store, &bookmark, 1, a, &r, NULL) && r.kept > 0)
        when_long(u->when, r.kept, &date);
    if (date.len)
        ui_hint(u, "Kept since %s; %s in Bookmarks lets it go", date.data, key);
    else
        ui_hint(u, "Kept already; %s in Bookmarks lets it go", key);
    buf_free(&date);
    arena_free(a);
}

static void busy_or(struct ui *u, const struct err *e)
{
    if (e->kind == ERR_BUSY)
        ui_message(u, true, "The library is being written just now; try again in a moment");
    else
        ui_message(u, true, "%s", e->msg);
}

void item_toggle_kept(struct ui *u, int64_t id)
{
    if (id < 0) {
        say_kept_since(u, id);
        return;
    }
    struct arena *a = arena_new();
    struct item_row r;
    if (ui_may_write(u) && item_of(u, id, a, &r)) {
        struct err e = ERR_INIT;
        int64_t bookmark = 0;
        bool existed = false;
        store_set_wait(u->set.store, PATIENCE_MS);
        bool ok = store_bookmark_entry(u->set.store, id, ui_now(u), &bookmark, &existed, &e);
        store_set_wait(u->set.store, 0);
        if (!ok) {
            busy_or(u, &e);
        } else if (existed) {
            say_kept_since(u, bookmark);
        } else {
            undo_kept(u, bookmark, true, r.title);
            ui_message(u, false, "Kept for good: %s (%s undoes)", r.title,
                       ui_key_of(u, ui_view(u), ACT_UNDO));
        }
    }
    arena_free(a);
}

void item_let_go(struct ui *u, int64_t id)
{
    struct arena *a = arena_new();
    struct item_row r;
    if (ui_may_write(u) && item_of(u, id, a, &r)) {
        struct err e = ERR_INIT;
        store_set_wait(u->set.store, PATIENCE_MS);
        bool ok = store_bookmark_remove(u->set.store, id, &e);
        store_set_wait(u->set.store, 0);
        if (ok) {
            undo_kept(u, id, false, r.title);
            ui_message(u, false, "Let go: %s (%s undoes)", r.title,
                       ui_key_of(u, ui_view(u), ACT_UNDO));
        } else {
            busy_or(u, &e);
        }
    }
    arena_free(a);
}

static bool send(struct ui *u, const char *url, struct err *e)
{
    struct buf bytes = {0};
    bool ok = u->set.send ? audio_osc52(&bytes, url, e)
                          : err_set(e, ERR_OTHER, "This terminal cannot be sent an address");
    if (ok)
        u->set.send(u->set.ctx, bytes.data, bytes.len);
    buf_free(&bytes);
    return ok;
}

void item_copy(struct ui *u, const char *url)
{
    struct err e = ERR_INIT;
    if (!audio_address_ok(url))
        ui_hint(u, url && *url ? "That is not a web address" : "There is no address to copy");
    else if (send(u, url, &e))
        ui_message(u, false, "Address sent to your terminal's clipboard");
    else
        ui_message(u, true, "%s", e.msg);
}

void item_copy_text(struct ui *u, const char *text)
{
    struct err e = ERR_INIT;
    struct buf bytes = {0};
    bool ok = u->set.send ? audio_osc52_words(&bytes, text, &e)
                          : err_set(&e, ERR_OTHER, "This terminal cannot be sent words");
    if (ok)
        u->set.send(u->set.ctx, bytes.data, bytes.len);
    buf_free(&bytes);
    if (ok)
        ui_message(u, false, "The words are sent to your terminal's clipboard");
    else
        ui_message(u, true, "%s", e.msg);
}

void item_browse(struct ui *u, const char *url, const char *title)
{
    struct err e = ERR_INIT;
    if (!audio_address_ok(url)) {
        ui_hint(u, url && *url ? "That is not a web address" : "There is no address to open");
        return;
    }
    bool here = u->set.browse || audio_display() || *conf_str(u->set.conf, CONF_BROWSER);
    if (audio_remote() && *conf_str(u->set.conf, CONF_OPEN_REMOTE)) {
        if (audio_open_remote(u->set.conf, url, &e)) {
            ui_message(u, false, "Opening on your own machine: %s", title ? title : url);
            return;
        }
        ui_panel(u, handoff_new(u, title, url, title, here));
        ui_message(u, true, "%s", e.msg);
    } else if (!here) {
        ui_panel(u, handoff_new(u, title, url, title, here));
    } else if (u->set.browse ? u->set.browse(u->set.ctx, url, &e)
                             : audio_browse(u->set.conf, url, &e)) {
        ui_message(u, false, "Opening in the browser: %s", title ? title : url);
    } else {
        ui_panel(u, handoff_new(u, title, url, title, here));
        ui_message(u, true, "%s", e.msg);
    }
}

void item_handoff(struct ui *u, const char *url, const char *title)
{
    if (!audio_address_ok(url))
        ui_hint(u, url && *url ? "That is not a web address" : "There is no address to take along");
    else
        ui_panel(u,
                 handoff_new(u, title, url, title, *conf_str(u->set.conf, CONF_BROWSER) != '\0'));
}

void item_address(struct ui *u, enum action a, const char *url, const char *title)
{
    if (a == ACT_COPY)
        item_copy(u, url);
    else if (a == ACT_HANDOFF)
        item_handoff(u, url, title);
    else
        item_browse(u, url, title);
}

bool item_play(struct ui *u, int64_t item, const char *url, const char *title, struct err *e)
{
    char player[64] = "";
    if (!u->set.play && u->set.library && keeper_wanted(u->set.conf))
        return player_begin(u, item, url, title, e);
    bool ok = u->set.play ? u->set.play(u->set.ctx, url, title, player, sizeof player, e)
                          : audio_play(u->set.conf, url, title, player, sizeof player, e);
    if (ok)
        ui_message(u, false, "Playing in %s: %s", *player ? player : "the player", title);
    return ok;
}

void item_sound(struct ui *u, int64_t item, const char *url, const char *title, const char *head)
{
    struct err e = ERR_INIT;
    if (player_plays(u, url)) {
        ui_panel(u, player_new(u));
        return;
    }
    if (!audio_remote()) {
        if (item_play(u, item, url, title, &e))
            return;
        if (e.kind != ERR_MISSING) {
            ui_message(u, true, "%s", e.msg);
            return;
        }
    }
    struct err sent = ERR_INIT;
    bool copied = send(u, url, &sent);
    ui_panel(u, handoff_sound(u, item, head, url, title, e.kind != ERR_MISSING));
    if (e.kind == ERR_MISSING && copied)
        ui_message(u, false, "%s. The address is on your terminal's clipboard", e.msg);
    else if (copied)
        ui_message(u, false,
                   "The address is on your terminal's clipboard, where the terminal allows it");
    else
        ui_message(u, true, "%s", sent.msg);
}

static char *sound_label(const struct ui *u, const struct enclosure *x)
{
    struct buf b = {0};
    audio_label(x, u->set.ascii, &b);
    return buf_take(&b, NULL);
}

void item_listen(struct ui *u, int64_t id)
{
    struct arena *a = arena_new();
    struct item_body item;
    struct err e = ERR_INIT;
    const struct enclosure *sounds[AUDIOS];
    if (!store_item(u->set.store, id, a, &item, &e)) {
        ui_message(u, true, "%s", e.msg);
        arena_free(a);
        return;
    }
    size_t n = audio_pick(item.enclosures, item.nenclosures, sounds, AUDIOS);
    struct buf head = {0};
    buf_str(&head, item.row.title);
    if (n == 1 && sounds[0]->seconds > 0) {
        buf_str(&head, " · ");
        when_length(sounds[0]->seconds, &head);
    }
    if (n == 0) {
        if (!narrated_ask(u, &item))
            ui_hint(u, "This essay has no audio");
    } else if (n == 1) {
        item_sound(u, id, sounds[0]->url, item.row.title, head.data);
    } else {
        struct choice *c = mem_array(n, sizeof *c);
        for (size_t i = 0; i < n; i++)
            c[i] = (struct choice){sound_label(u, sounds[i]), mem_strdup(sounds[i]->url)};
        ui_panel(u, choice_new(u, id, head.data, item.row.title, c, n));
    }
    buf_free(&head);
    arena_free(a);
}

void item_enqueue(struct ui *u, int64_t id)
{
    struct arena *a = arena_new();
    struct item_body item;
    struct err e = ERR_INIT;
    const struct enclosure *sound;
    if (!store_item(u->set.store, id, a, &item, &e))
        ui_message(u, true, "%s", e.msg);
    else if (!audio_pick(item.enclosures, item.nenclosures, &sound, 1))
        ui_hint(u, "This essay has no audio");
    else
        player_enqueue(u, &(struct queue_row){.item = id,
                                              .address = sound->url,
                                              .title = item.row.title,
                                              .feed_title = item.row.feed_title,
                                              .type = sound->type,
                                              .length = (double)sound->seconds});
    arena_free(a);
}
