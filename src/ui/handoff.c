// An address on its way to another machine, where the ears or the browser are: a small window that
// shows it whole and offers what can be done with it here.
#include <stdlib.h>
#include <string.h>

#include "lectern/audio.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "panel.h"

struct handoff {
    struct panel panel;
    char *head, *url, *title;
    bool audio;
    bool play, open; // what can be done on this machine
};

// The whole address is on the screen, on lines of its own from edge to edge where it is long: it
// can be picked up by hand.
static int url_lines(const struct handoff *h, int cols, int *col)
{
    int len = utf8_cols(h->url, strlen(h->url));
    *col = cols >= 40 && len <= cols - 6 ? 3 : 0;
    return *col || len < 1 ? 1 : (len + cols - 1) / cols;
}

static int handoff_height(struct panel *p, int cols, int room)
{
    int col, address = url_lines((struct handoff *)p, cols, &col);
    const struct handoff *h = (struct handoff *)p;
    int all = address + 6 + h->play + h->open;
    return all <= room ? all : room;
}

static void handoff_draw(struct panel *p, struct canvas *c, int row, int rows)
{
    struct handoff *h = (struct handoff *)p;
    struct ui *u = p->ui;
    int col, n = url_lines(h, u->cols, &col), edge = u->cols >= 40 ? 3 : 0, spare = rows - n;
    const struct {
        const char *key, *what;
        bool there;
    } keys[] = {{"c", "copy the address (sent to your terminal)", true},
                {"p", "play it on this machine", h->play},
                {"o", "open it in a browser on this machine", h->open},
                {"q", "back", true}};
    int wanted = 2 + h->play + h->open;
    if (spare > 0) {
        panel_rule(u, c, row++);
        spare--;
    }
    if (spare > 0) {
        struct buf head = {0};
        if (h->audio)
            buf_printf(&head, "%s ", ui_glyph(u, GLYPH_AUDIO));
        buf_str(&head, h->head);
        ui_put(u, c, row++, edge, u->cols - edge, head.data, STYLE(VIEW_TITLE));
        buf_free(&head);
        spare--;
    }
    bool airy = spare >= wanted + 2;
    row += airy;
    canvas_cursor(c, row, col);
    const char *s = h->url;
    for (int i = 0; i < n && *s; i++, row++) {
        size_t fit = utf8_fit(s, strlen(s), u->cols - col, NULL);
        fit = fit ? fit : utf8_grapheme(s, strlen(s));
        canvas_put(c, row, col, u->cols - col, s, fit, STYLE(TEXT));
        s += fit;
    }
    row += airy;
    spare -= 2 * airy;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (spare < 1 || !keys[i].there)
            continue;
        ui_put(u, c, row, edge, 2, keys[i].key, STYLE(KEY));
        ui_put(u, c, row, edge + 3, u->cols - edge - 3, keys[i].what, STYLE(TEXT));
        row++;
        spare--;
    }
}

static bool handoff_key(struct panel *p, int key)
{
    struct handoff *h = (struct handoff *)p;
    struct ui *u = p->ui;
    struct err e = ERR_INIT;
    switch (key) {
    case 'c':
    case 'y':
        item_copy(u, h->url);
        return true;
    case 'p':
        if (!h->play)
            return true;
        if (item_play(u, h->url, h->title, &e))
            return false;
        ui_message(u, true, "%s", e.msg);
        return true;
    case 'o':
        if (!h->open)
            return true;
        if (u->set.browse ? u->set.browse(u->set.ctx, h->url, &e)
                          : audio_browse(u->set.conf, h->url, &e)) {
            ui_message(u, false, "Opening in the browser: %s", h->title);
            return false;
        }
        ui_message(u, true, "%s", e.msg);
        return true;
    default:
        return !panel_closes(key);
    }
}

static void handoff_free(struct panel *p)
{
    struct handoff *h = (struct handoff *)p;
    free(h->head);
    free(h->url);
    free(h->title);
    free(h);
}

struct panel *handoff_new(struct ui *u, const char *head, const char *url, const char *title,
                          bool audio, bool here)
{
    static const struct panel_ops ops = {
        .height = handoff_height, .draw = handoff_draw, .key = handoff_key, .free = handoff_free};
    struct handoff *h = mem_alloc(sizeof *h);
    h->panel = (struct panel){.ops = &ops, .ui = u};
    h->head = mem_strdup(head ? head : url);
    h->url = mem_strdup(url);
    h->title = mem_strdup(title ? title : url);
    h->audio = audio;
    h->play = audio && here;
    h->open = (!audio && here) || u->set.browse || audio_display();
    return &h->panel;
}
