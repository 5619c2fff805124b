// The reader's side of what plays. What is shown is what the player said last: it tells of changes
// by itself, and is asked for the time once a second, while it plays. Keys are commands to it; none
// is waited for.
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/audio.h"
#include "lectern/keeper.h"
#include "lectern/mem.h"
#include "lectern/mpv.h"
#include "panel.h"

enum { PATIENCE_MS = 400, START_SECONDS = 12 };

struct player {
    struct mpv *mpv;
    char *socket, *address, *title, *chapter, *error;
    double at, length, speed, volume;
    bool paused, loading;
    bool unwanted;    // it is to stop as soon as it can be told
    bool stopping;    // it was told
    int64_t starting; // until then it is waited for; 0: it is not
    int64_t asked;    // when the time was asked for last
    int64_t since;    // of the row that was looked at last
};

void player_free(struct player *p)
{
    if (!p)
        return;
    mpv_free(p->mpv);
    free(p->socket);
    free(p->address);
    free(p->title);
    free(p->chapter);
    free(p->error);
    free(p);
}

static void set(char **place, const char *value)
{
    char *copy = value && *value ? mem_strdup(value) : NULL;
    free(*place);
    *place = copy;
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

bool player_on(const struct ui *u)
{
    const struct player *p = u->player;
    return p && (p->mpv || ui_now(u) < p->starting);
}

bool player_plays(const struct ui *u, const char *address)
{
    return player_on(u) && !u->player->stopping && same(u->player->address, address);
}

// ---- what it says ----

static void hang_up(struct ui *u)
{
    struct player *p = u->player;
    mpv_free(p->mpv);
    p->mpv = NULL;
    p->stopping = false;
    set(&p->socket, NULL);
    u->dirty = true;
}

static void greet(struct ui *u, const char *socket)
{
    static const char *const watched[] = {"pause", "duration", "speed", "volume",
                                          "chapter-metadata"};
    struct player *p = u->player;
    if (!mpv_connect(socket, &p->mpv, NULL))
        return;
    p->starting = 0;
    set(&p->socket, socket);
    p->stopping = p->unwanted;
    if (p->unwanted)
        MPV_DO(p->mpv, "script-message", KEEPER_NAME, KEEPER_STOP);
    p->unwanted = false;
    p->speed = 1;
    p->paused = false;
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
        mpv_watch(p->mpv, watched[i]);
    mpv_ask(p->mpv, "time-pos");
    u->dirty = true;
}

// The row of the library that tells what plays and where.
void player_look(struct ui *u)
{
    struct arena *a = arena_new();
    struct playing row = {0};
    if (!store_playing(u->set.store, a, &row, NULL)) {
        arena_free(a);
        return;
    }
    bool first = !u->player;
    if (first)
        u->player = mem_alloc(sizeof *u->player);
    struct player *p = u->player;
    if (p->mpv && !same(p->socket, row.socket))
        hang_up(u);
    bool old = row.since == p->since && same(row.error, p->error);
    if (!p->mpv && !row.socket && old && ui_now(u) < p->starting) { // it is not there yet
        arena_free(a);
        return;
    }
    if (!same(p->address, row.address)) {
        p->at = p->length = 0;
        p->loading = row.socket != NULL;
        set(&p->chapter, NULL);
    }
    set(&p->address, row.address);
    set(&p->title, row.title);
    if (row.socket && !p->mpv)
        greet(u, row.socket);
    else if (p->mpv && p->loading) // it may have told its length before we heard what it is
        mpv_ask(p->mpv, "duration");
    if (row.error && !first && !old) {
        p->starting = 0;
        ui_message(u, true, "%s", row.error);
    }
    p->since = row.since;
    set(&p->error, row.error);
    arena_free(a);
}

static void heed(struct player *p, const struct mpv_event *ev)
{
    static const char *const names[] = {"time-pos", "duration", "speed", "volume"};
    double *const places[] = {&p->at, &p->length, &p->speed, &p->volume};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(ev->name, names[i]) == 0 && ev->known)
            *places[i] = ev->number;
    if (strcmp(ev->name, "time-pos") == 0 && ev->known)
        p->loading = false;
    else if (strcmp(ev->name, "pause") == 0)
        p->paused = ev->number != 0;
    else if (strcmp(ev->name, "chapter-metadata") == 0)
        set(&p->chapter, ev->text);
}

int ui_player_fd(const struct ui *u)
{
    return u->player && u->player->mpv ? mpv_fd(u->player->mpv) : -1;
}

void ui_player(struct ui *u)
{
    struct mpv_event ev;
    bool gone = false;
    while (u->player && u->player->mpv && mpv_next(u->player->mpv, &ev, &gone)) {
        if (ev.kind == MPV_PROPERTY)
            heed(u->player, &ev);
        else if (ev.kind == MPV_LOADED || ev.kind == MPV_MOVED)
            mpv_ask(u->player->mpv, "time-pos");
        u->dirty = true;
    }
    if (gone) {
        hang_up(u);
        player_look(u); // why, perhaps
    }
}

void player_tick(struct ui *u)
{
    int64_t now = ui_now(u);
    struct player *p = u->player;
    if (p && p->starting && !p->mpv) { // a keeper that just begins may have said so
        u->dirty = true;
        if (now >= p->starting)
            p->starting = 0;
    }
    if (!p || !p->mpv || p->asked == now || (u->player->paused && !u->player->loading))
        return;
    u->player->asked = now;
    mpv_ask(u->player->mpv, "time-pos");
}

// ---- how it is shown ----

void player_words(const struct ui *u, bool brief, struct buf *out)
{
    const struct player *p = u->player;
    if (!player_on(u))
        return;
    buf_printf(out, "%s ", ui_glyph(u, GLYPH_AUDIO));
    if (p->loading) {
        buf_str(out, brief ? "..." : "loading");
        return;
    }
    when_length((int64_t)p->at, out);
    if (!brief && p->length > 0) {
        buf_char(out, '/');
        when_length((int64_t)p->length, out);
    }
    if (p->paused)
        buf_str(out, brief ? " =" : " paused");
}

void player_state(const struct ui *u, struct player_state *out)
{
    const struct player *p = u->player;
    *out = (struct player_state){.title = p->title ? p->title : "",
                                 .chapter = p->chapter ? p->chapter : "",
                                 .at = p->at,
                                 .length = p->length,
                                 .speed = p->speed,
                                 .volume = p->volume,
                                 .paused = p->paused,
                                 .loading = p->loading};
}

// ---- what keys say to it ----

static void relative(struct ui *u, const char *property, const char *what, int by)
{
    char text[24];
    snprintf(text, sizeof text, "%d", by);
    if (property)
        MPV_DO(u->player->mpv, what, property, text);
    else
        MPV_DO(u->player->mpv, what, text, "relative");
    mpv_ask(u->player->mpv, "time-pos");
}

static void change_speed(struct ui *u, int by)
{
    struct player *p = u->player;
    char text[24];
    double speed = p->speed + by * 0.1;
    speed = speed < 0.5 ? 0.5 : speed > 3 ? 3 : speed;
    snprintf(text, sizeof text, "%.1f", speed);
    MPV_DO(p->mpv, "set", "speed", text);
    ui_hint(u, "Speed %s", text);
}

static void change_volume(struct ui *u, int by)
{
    struct player *p = u->player;
    double volume = p->volume + by * 5;
    volume = volume < 0 ? 0 : volume > 130 ? 130 : volume;
    char text[24];
    snprintf(text, sizeof text, "%.0f", volume);
    MPV_DO(p->mpv, "set", "volume", text);
    ui_hint(u, "Volume %s", text);
}

static bool open_queue(struct ui *u, enum action a)
{
    if (a == ACT_QUEUE && ui_view(u) != VIEW_QUEUE)
        ui_push(u, queue_new(u));
    return a == ACT_QUEUE;
}

bool player_act(struct ui *u, enum action a, int count)
{
    int n = count > 0 ? count : 1;
    if (open_queue(u, a))
        return true;
    if (a < ACT_PLAYER || a > ACT_STOP_SOUND)
        return false;
    if (!player_on(u)) {
        ui_hint(u, "Nothing plays just now; %s plays an essay that has audio",
                ui_key_of(u, VIEW_CONTENTS, ACT_AUDIO));
        return true;
    }
    if (a == ACT_PLAYER) {
        ui_panel(u, player_new(u));
        return true;
    }
    struct mpv *m = u->player->mpv;
    if (!m && a != ACT_STOP_SOUND) {
        ui_hint(u, "It is just beginning");
        return true;
    }
    switch (a) {
    case ACT_PAUSE:
        MPV_DO(m, "cycle", "pause");
        break;
    case ACT_SEEK_BACK:
        relative(u, NULL, "seek", -10 * n);
        break;
    case ACT_SEEK_ON:
        relative(u, NULL, "seek", 10 * n);
        break;
    case ACT_MINUTE_BACK:
        relative(u, NULL, "seek", -60 * n);
        break;
    case ACT_MINUTE_ON:
        relative(u, NULL, "seek", 60 * n);
        break;
    case ACT_CHAPTER_BACK:
        relative(u, "chapter", "add", -n);
        break;
    case ACT_CHAPTER_ON:
        relative(u, "chapter", "add", n);
        break;
    case ACT_SLOWER:
        change_speed(u, -n);
        break;
    case ACT_FASTER:
        change_speed(u, n);
        break;
    case ACT_QUIETER:
        change_volume(u, -n);
        break;
    case ACT_LOUDER:
        change_volume(u, n);
        break;
    case ACT_NEXT_SOUND:
        MPV_DO(m, "script-message", KEEPER_NAME, KEEPER_NEXT);
        ui_hint(u, "Next in the queue");
        break;
    default:
        u->player->unwanted = !m;
        u->player->stopping = m != NULL;
        u->player->starting = 0;
        if (m)
            MPV_DO(m, "script-message", KEEPER_NAME, KEEPER_STOP);
        ui_message(u, false, "Stopped: %s; its place is kept",
                   u->player->title ? u->player->title : "the audio");
        break;
    }
    return true;
}

// ---- beginning ----

bool player_begin(struct ui *u, int64_t item, const char *address, const char *title, struct err *e)
{
    struct sound w = {item, address, NULL, title};
    struct heard h = {0};
    if (!keeper_play(u->set.library, u->set.config, &w, e))
        return false;
    struct player *p = u->player;
    if (p->stopping)
        hang_up(u); // another one takes its place
    if (!p->mpv) {
        p->starting = ui_now(u) + START_SECONDS;
        p->loading = true;
        p->unwanted = false;
        p->at = p->length = 0;
        set(&p->address, address);
        set(&p->title, title);
    }
    store_heard(u->set.store, address, &h, NULL);
    if (h.at > 1) {
        struct buf at = {0};
        when_length((int64_t)h.at, &at);
        ui_message(u, false, "Playing from %s: %s", at.data, title);
        buf_free(&at);
    } else {
        ui_message(u, false, "Playing: %s", title);
    }
    return true;
}

void player_enqueue(struct ui *u, const struct queue_row *row)
{
    struct err e = ERR_INIT;
    int64_t id;
    bool existed;
    if (!ui_may_write(u))
        return;
    store_set_wait(u->set.store, PATIENCE_MS);
    bool ok = store_queue_add(u->set.store, row, 0, &id, &existed, &e);
    store_set_wait(u->set.store, 0);
    if (!ok) {
        ui_message(u, true, "%s", e.msg);
        return;
    }
    if (!existed)
        undo_queued(u, row);
    ui_message(u, false,
               existed ? "To be heard last: %s (%s shows the queue)"
                       : "To be heard later: %s (%s shows the queue)",
               row->title, ui_key_of(u, ui_view(u), ACT_QUEUE));
}
