// See screen.h.
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static int64_t later;

int64_t screen_clock(void)
{
    return SCREEN_NOW + later;
}

void screen_later(int64_t seconds)
{
    later += seconds;
}

static void record_bytes(void *ctx, const char *bytes, size_t len)
{
    buf_add(&((struct screen *)ctx)->sent, bytes, len);
}

static bool record_play(void *ctx, const char *url, const char *title, char *name, size_t size,
                        struct err *e)
{
    struct screen *s = ctx;
    (void)title;
    if (s->no_player)
        return err_set(e, ERR_MISSING,
                       "No player was found: install mpv, or name one with the option player");
    buf_printf(&s->played, "%s\n", url);
    snprintf(name, size, "mpv");
    return true;
}

static bool record_browse(void *ctx, const char *url, struct err *e)
{
    (void)e;
    buf_printf(&((struct screen *)ctx)->browsed, "%s\n", url);
    return true;
}

static void count_redraw(void *ctx)
{
    ((struct screen *)ctx)->redrawn++;
}

// As the program does it: what is no theme is not taken, nor one that is "broken".
static bool take_option(void *ctx, const char *option, struct err *e)
{
    struct screen *s = ctx;
    if (strcmp(option, "glyphs") == 0)
        ui_ascii(s->ui, strcmp(conf_str(s->conf, CONF_GLYPHS), "ascii") == 0);
    const char *theme = conf_str(s->conf, CONF_THEME);
    if (strcmp(option, "theme") != 0)
        return true;
    if (strcmp(theme, "nowhere") == 0 || strcmp(theme, "broken") == 0)
        return err_set(e, ERR_MISSING, "There is no theme %s", theme);
    buf_printf(&s->worn, "%s\n", theme);
    return true;
}

static void begin(struct screen *s, enum store_mode mode)
{
    struct err e = ERR_INIT;
    if (!store_open(s->path, mode, &s->store, &e))
        fail_msg("%s", e.msg);
    store_set_wait(s->store, 0);
    struct ui_setup setup = {.store = s->store,
                             .conf = s->conf,
                             .keymap = s->keymap,
                             .clock = screen_clock,
                             .ascii = s->ascii,
                             .send = record_bytes,
                             .play = record_play,
                             .browse = record_browse,
                             .redraw = count_redraw,
                             .changed = take_option,
                             .ctx = s,
                             .config = "~/.config/lectern/config",
                             .history = s->history,
                             .utc_offset = 0};
    s->ui = ui_new(&setup, s->cols, s->rows);
}

static void end(struct screen *s)
{
    struct err e = ERR_INIT;
    ui_free(s->ui);
    if (s->store && !store_flush(s->store, 1000, &e))
        fail_msg("%s", e.msg);
    store_close(s->store);
}

static struct screen *make(int cols, int rows, bool fill, const char *config)
{
    static int number;
    struct screen *s = mem_alloc(sizeof *s);
    const char *dir = getenv("LECTERN_TMP");
    later = 0;
    unsetenv("SSH_CONNECTION");
    unsetenv("SSH_TTY");
    unsetenv("TMUX");
    unsetenv("STY");
    s->path = mem_printf("%s/screen-%d-%d.db", dir ? dir : "/tmp", (int)getpid(), number++);
    s->cols = cols;
    s->rows = rows;
    s->conf = conf_new();
    conf_parse(s->conf, config, strlen(config), "config");
    s->keymap = keymap_new(s->conf);
    s->canvas = canvas_new(cols, rows);
    if (fill) {
        struct err e = ERR_INIT;
        struct store *st;
        if (!store_open(s->path, STORE_WRITE, &st, &e))
            fail_msg("%s", e.msg);
        shelves_fill(st);
        store_close(st);
    }
    begin(s, STORE_READER);
    return s;
}

struct screen *screen_open(int cols, int rows)
{
    return make(cols, rows, true, "");
}

struct screen *screen_open_empty(int cols, int rows)
{
    return make(cols, rows, false, "");
}

struct screen *screen_configured(int cols, int rows, const char *config)
{
    return make(cols, rows, true, config);
}

void screen_close(struct screen *s)
{
    end(s);
    canvas_free(s->canvas);
    keymap_free(s->keymap);
    conf_free(s->conf);
    buf_free(&s->sent);
    buf_free(&s->played);
    buf_free(&s->browsed);
    buf_free(&s->worn);
    unlink(s->path);
    free(s->path);
    free(s->history);
    free(s);
}

void screen_again(struct screen *s, enum store_mode mode)
{
    end(s);
    begin(s, mode);
}

void screen_ascii(struct screen *s)
{
    end(s);
    s->ascii = true;
    begin(s, STORE_READER);
}

static enum action action_named(const char *name, size_t len)
{
    for (int a = 0; a < ACT_COUNT; a++)
        if (strlen(action_table[a].name) == len && memcmp(action_table[a].name, name, len) == 0)
            return (enum action)a;
    fail_msg("no action '%.*s'", (int)len, name);
    return ACT_NONE;
}

static int key_named(const char *name, size_t len)
{
    int keys[KEYS_SEQUENCE];
    char *word = mem_strndup(name, len);
    int n = key_parse(word, keys);
    if (n != 1)
        fail_msg("no key <%s>", word);
    free(word);
    return keys[0];
}

// Draws after every step, as the program does.
static void drawn(struct screen *s)
{
    ui_draw(s->ui, s->canvas);
    if (ui_restless(s->ui)) { // a test looks when keys rest
        ui_rest(s->ui);
        ui_draw(s->ui, s->canvas);
    }
}

static void press(struct screen *s, const char *from, const char *to)
{
    for (const char *p = from; p < to;) {
        const char *close = *p == '<' ? memchr(p, '>', (size_t)(to - p)) : NULL;
        uint32_t c;
        if (close && strncmp(p, "<paste>", 7) == 0) {
            ui_press(s->ui, KEYS_PASTE_BEGIN);
            p = close + 1;
        } else if (close && strncmp(p, "</paste>", 8) == 0) {
            ui_press(s->ui, KEYS_PASTE_END);
            p = close + 1;
        } else if (close) {
            ui_press(s->ui, key_named(p + 1, (size_t)(close - p - 1)));
            p = close + 1;
        } else {
            p += utf8_decode(p, (size_t)(to - p), &c);
            ui_press(s->ui, (int)c);
        }
        drawn(s);
    }
}

// A machine that is busy takes more steps for the same.
static void settle(struct ui *u)
{
    enum { STEPS = 10000 };
    ui_idle(u);
    for (int i = 0; i < STEPS && ui_busy(u); i++)
        ui_idle(u);
}

void screen_do(struct screen *s, const char *script)
{
    for (const char *p = script; *p;) {
        if (*p == ' ') {
            p++;
            continue;
        }
        if (*p == '`') {
            const char *close = strchr(++p, '`');
            assert_non_null(close);
            press(s, p, close);
            p = close + 1;
        } else if (*p == '\'') {
            const char *close = strchr(++p, '\'');
            assert_non_null(close);
            while (p < close) {
                uint32_t c;
                p += utf8_decode(p, (size_t)(close - p), &c);
                ui_key(s->ui, (int)c);
            }
            p++;
        } else if (*p == '<') {
            const char *close = strchr(p, '>');
            assert_non_null(close);
            ui_key(s->ui, key_named(p + 1, (size_t)(close - p - 1)));
            p = close + 1;
        } else {
            size_t len = strcspn(p, " ");
            char *star;
            long count = strtol(p, &star, 10);
            if (star > p && *star == '*') {
                len -= (size_t)(star + 1 - p);
                p = star + 1;
            } else {
                count = 0;
            }
            if (len == 4 && memcmp(p, "idle", 4) == 0)
                ui_idle(s->ui);
            else if (len == 6 && memcmp(p, "settle", 6) == 0)
                settle(s->ui);
            else
                ui_act(s->ui, action_named(p, len), (int)count);
            p += len;
        }
        drawn(s);
    }
}

void screen_size(struct screen *s, int cols, int rows)
{
    s->cols = cols;
    s->rows = rows;
    canvas_resize(s->canvas, cols, rows);
    ui_resize(s->ui, cols, rows);
    drawn(s);
}

const char *screen_text(struct screen *s)
{
    static struct buf text;
    buf_clear(&text);
    drawn(s);
    canvas_dump(s->canvas, &text, false);
    return buf_cstr(&text);
}

const char *screen_row(struct screen *s, int row)
{
    static struct buf line;
    const char *text = screen_text(s);
    if (row < 0)
        row += s->rows;
    for (; row > 0; row--) {
        const char *nl = strchr(text, '\n');
        text = nl ? nl + 1 : "";
    }
    buf_clear(&line);
    buf_add(&line, text, strcspn(text, "\n"));
    return buf_cstr(&line);
}

const char *screen_current(struct screen *s)
{
    int row, col;
    drawn(s);
    canvas_cursor_at(s->canvas, &row, &col);
    return screen_row(s, row);
}

void screen_new_essay(struct screen *s, int64_t feed, const char *title, int64_t published)
{
    struct err e = ERR_INIT;
    struct store *other;
    struct feed_row f;
    struct arena *a = arena_new();
    assert_true(store_flush(s->store, 1000, &e));
    if (!store_open(s->path, STORE_WRITE, &other, &e))
        fail_msg("%s", e.msg);
    if (store_feed(other, feed, a, &f, &e)) // it may have been removed
        shelves_add(other, feed, f.title, title, published);
    store_close(other);
    arena_free(a);
}

void screen_golden(struct screen *s, const char *name)
{
    const char *root = getenv("LECTERN_ROOT"), *mode = getenv("LECTERN_GOLDEN");
    char *path = mem_printf("%s/tests/golden/screen/%s-%dx%d.txt", root ? root : ".", name, s->cols,
                            s->rows);
    struct buf have = {0}, want = {0};
    struct err e = ERR_INIT;
    int row, col;
    drawn(s);
    canvas_dump(s->canvas, &have, true);
    canvas_cursor_at(s->canvas, &row, &col);
    buf_printf(&have, "-- cursor %d,%d\n", row, col);
    if (mode && strcmp(mode, "write") == 0) {
        if (!buf_write_file(path, have.data, have.len, 0644, &e))
            fail_msg("%s", e.msg);
    } else if (!buf_read_file(&want, path, 1 << 20, &e)) {
        fail_msg("%s", e.msg);
    } else if (strcmp(buf_cstr(&want), have.data) != 0) {
        fail_msg("%s is not what is on the screen:\n%s", path, have.data);
    }
    buf_free(&have);
    buf_free(&want);
    free(path);
}

// ---- what tests say of it ----

const struct screen_size screen_sizes[SCREEN_SIZES] = {{80, 24}, {20, 5}, {40, 12}, {200, 60}};

void screen_has(struct screen *s, const char *what)
{
    if (!strstr(screen_text(s), what))
        fail_msg("“%s” is not on the screen:\n%s", what, screen_text(s));
}

void screen_has_not(struct screen *s, const char *what)
{
    if (strstr(screen_text(s), what))
        fail_msg("“%s” is on the screen:\n%s", what, screen_text(s));
}

void screen_on(struct screen *s, const char *what)
{
    if (!strstr(screen_current(s), what))
        fail_msg("the cursor is not on “%s”:\n%s", what, screen_text(s));
}

void screen_says(struct screen *s, const char *what)
{
    if (!strstr(screen_row(s, -1), what))
        fail_msg("the bottom line does not say “%s”:\n%s", what, screen_text(s));
}

void screen_picture(const char *name, const char *script)
{
    for (size_t i = 0; i < SCREEN_SIZES; i++) {
        struct screen *s = screen_open(screen_sizes[i].cols, screen_sizes[i].rows);
        screen_do(s, script);
        screen_golden(s, name);
        screen_close(s);
    }
}
