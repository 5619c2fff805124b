// The window of what plays: title, a bar, what mpv's own keys do to it; and the question whether it
// goes on when the reader ends.
#include <stdlib.h>
#include <string.h>

#include "lectern/listen.h"
#include "lectern/mem.h"
#include "panel.h"
#include "player.h"

enum { WINDOW_ROWS = 6 };

static int window_height(struct panel *p, int cols, int room)
{
    (void)p, (void)cols;
    return room < WINDOW_ROWS ? room : WINDOW_ROWS;
}

// "12:31 ━━━━━━────────── 31:04"
static void draw_bar(const struct ui *u, struct canvas *c, int row, int left, int width,
                     const struct player_state *s)
{
    struct buf at = {0}, length = {0};
    when_length((int64_t)s->at, &at);
    if (s->length > 0)
        when_length((int64_t)s->length, &length);
    int used = ui_put(u, c, row, left, width, at.data, STYLE(TEXT)) + 1;
    int end = left + width;
    if (length.len)
        end -= 1 + ui_put_right(u, c, row, left + width, width, length.data, STYLE(LIST_DIM));
    int bar = end - left - used, done = s->length > 0 ? (int)(bar * s->at / s->length) : 0;
    done = done < 0 ? 0 : done > bar ? bar : done;
    if (bar > 0 && s->length > 0 && !ui_in_words(u)) {
        canvas_fill(c, row, left + used, done, u->set.ascii ? "=" : "━", STYLE(LIST_MARK));
        canvas_fill(c, row, left + used + done, bar - done, u->set.ascii ? "-" : "─",
                    STYLE(LIST_DIM));
    }
    buf_free(&at);
    buf_free(&length);
}

static void facts(const struct ui *u, const struct player_state *s, struct buf *out)
{
    const char *dot = ui_glyph(u, GLYPH_DOT);
    struct arena *a = arena_new();
    struct queue_row *rows;
    size_t n = 0;
    buf_str(out, s->loading ? "loading" : s->paused ? "paused" : "playing");
    buf_printf(out, " %s speed %.3g", dot, s->speed);
    if (s->volume > 0)
        buf_printf(out, " %s volume %.0f", dot, s->volume);
    if (*s->chapter)
        buf_printf(out, " %s %s", dot, s->chapter);
    if (store_queue(u->set.store, a, &rows, &n, NULL))
        for (size_t i = 0; i < n; i++)
            if (!player_plays(u, rows[i].address)) {
                buf_printf(out, " %s next: %s", dot, rows[i].title);
                break;
            }
    arena_free(a);
}

static const char *legend(const struct ui *u, int width)
{
    if (width < 70)
        return "space pause  h l 10 s  x stop  q back";
    return u->set.ascii ? "space pause  h l 10 s  k j 1 min  [ ] speed  9 0 volume  n next  x stop"
                        : "space pause  ← → 10 s  ↑ ↓ 1 min  [ ] speed  9 0 volume  n next  x stop";
}

static void window_draw(struct panel *p, struct canvas *c, int row, int rows)
{
    struct ui *u = p->ui;
    struct player_state s;
    int edge = u->cols >= 40 ? 3 : 0, width = u->cols - 2 * edge, last = row + rows;
    if (!player_on(u)) {
        ui_put(u, c, row, edge, width, "Nothing plays any more.", STYLE(TEXT));
        return;
    }
    player_state(u, &s);
    struct buf title = {0}, words = {0};
    buf_printf(&title, "%s %s", ui_glyph(u, GLYPH_AUDIO), s.title);
    facts(u, &s, &words);
    if (rows > 3)
        panel_rule(u, c, row++);
    canvas_cursor(c, row, edge);
    ui_put(u, c, row++, edge, width, title.data, STYLE(VIEW_TITLE));
    if (row < last)
        draw_bar(u, c, row++, edge, width, &s);
    if (row < last)
        ui_put(u, c, row++, edge, width, words.data, STYLE(LIST_DIM));
    row += rows >= WINDOW_ROWS;
    if (row < last)
        ui_put(u, c, row, edge, width, legend(u, width), STYLE(LIST_DIM));
    buf_free(&title);
    buf_free(&words);
}

static bool window_key(struct panel *p, int key)
{
    static const struct {
        int key;
        enum action action;
    } keys[] = {
        {' ', ACT_PAUSE},
        {'p', ACT_PAUSE},
        {'h', ACT_SEEK_BACK},
        {'l', ACT_SEEK_ON},
        {KEYS_LEFT, ACT_SEEK_BACK},
        {KEYS_RIGHT, ACT_SEEK_ON},
        {'k', ACT_MINUTE_ON},
        {'j', ACT_MINUTE_BACK},
        {KEYS_UP, ACT_MINUTE_ON},
        {'H', ACT_MINUTE_BACK},
        {'L', ACT_MINUTE_ON},
        {KEYS_DOWN, ACT_MINUTE_BACK},
        {'[', ACT_SLOWER},
        {']', ACT_FASTER},
        {'9', ACT_QUIETER},
        {'0', ACT_LOUDER},
        {'-', ACT_QUIETER},
        {'+', ACT_LOUDER},
        {'=', ACT_LOUDER},
        {'/', ACT_QUIETER},
        {'*', ACT_LOUDER},
        {'n', ACT_NEXT_SOUND},
        {'{', ACT_CHAPTER_BACK},
        {'}', ACT_CHAPTER_ON},
        {KEYS_PAGE_UP, ACT_CHAPTER_ON},
        {KEYS_PAGE_DOWN, ACT_CHAPTER_BACK},
    };
    struct ui *u = p->ui;
    if (key == 'x' || key == 's') {
        player_act(u, ACT_STOP_SOUND, 0);
        return false;
    }
    for (size_t i = 0; player_on(u) && i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key)
            return player_act(u, keys[i].action, 0);
    return !(key == 'q' || key == KEYS_ESCAPE || key == 'P' || key == 3 || !player_on(u));
}

struct panel *player_new(struct ui *u)
{
    static const struct panel_ops ops = {
        .height = window_height, .draw = window_draw, .key = window_key};
    struct panel *p = mem_alloc(sizeof *p);
    *p = (struct panel){.ops = &ops, .ui = u};
    return p;
}

// ---- the end of the reader ----

static int farewell_height(struct panel *p, int cols, int room)
{
    (void)p, (void)cols, (void)room;
    return 0;
}

static void farewell_draw(struct panel *p, struct canvas *c, int row, int rows)
{
    (void)p, (void)c, (void)row, (void)rows;
}

static void farewell_status(struct panel *p, struct buf *left, struct buf *right)
{
    (void)right;
    const char *dot = ui_glyph(p->ui, GLYPH_DOT);
    buf_printf(left,
               p->ui->cols >= 60 ? "The audio: s stop it %s l leave it playing %s q stay here"
                                 : "s stop %s l play on %s q stay",
               dot, dot);
}

static bool farewell_key(struct panel *p, int key)
{
    struct ui *u = p->ui;
    if (key == 's' || key == 'x' || key == 'y')
        player_act(u, ACT_STOP_SOUND, 0);
    else if (key != 'l' && key != 'n')
        return !(panel_closes(key) && key != 'h');
    u->done = true;
    return false;
}

struct panel *farewell_new(struct ui *u)
{
    static const struct panel_ops ops = {.height = farewell_height,
                                         .draw = farewell_draw,
                                         .status = farewell_status,
                                         .key = farewell_key};
    struct panel *p = mem_alloc(sizeof *p);
    *p = (struct panel){.ops = &ops, .ui = u};
    return p;
}
