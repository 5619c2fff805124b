// An address on its way to another machine, where the ears or the browser are: a window that shows
// it whole and as a code for a phone's camera, and offers what else can be done with it. Where
// there is no room for both, the code comes by itself at a key.
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "lectern/audio.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "panel.h"

struct handoff {
    struct panel panel;
    char *head, *url, *title;
    bool audio;
    int64_t item;
    bool play, open, remote; // what can be done on this machine, and on the reader's own
    struct qr code;          // dark NULL: there is none
    bool alone, flipped;     // how the code is shown
};
struct offer {
    char key;
    const char *what;
};
enum { OFFERS = 8, GAP = 3 };

static size_t offers(const struct handoff *h, bool beside, struct offer out[OFFERS])
{
    size_t n = 0;
    out[n++] = (struct offer){'c', beside ? "copy the address (sent)"
                                          : "copy the address (sent to your terminal)"};
    if (h->remote)
        out[n++] = (struct offer){'r', "open it on your own machine"};
    if (h->play)
        out[n++] = (struct offer){'p', "play it on this machine"};
    if (h->open)
        out[n++] = (struct offer){'o', beside ? "open it in a browser here"
                                              : "open it in a browser on this machine"};
    if (h->code.dark && beside)
        out[n++] = (struct offer){'i', "code light for dark"};
    else if (h->code.dark)
        out[n++] = (struct offer){'s', "show a code for a phone"};
    out[n++] = (struct offer){'q', "back"};
    return n;
}

static int edge_of(const struct ui *u)
{
    return u->cols >= 40 ? 3 : 0;
}

// The whole address is on the screen, on lines of its own from edge to edge where it is long: it
// can be picked up by hand.
static int url_lines(const struct handoff *h, int cols, int *col)
{
    int len = utf8_cols(h->url, strlen(h->url));
    *col = cols >= 40 && len <= cols - 6 ? 3 : 0;
    return *col || len < 1 ? 1 : (len + cols - 1) / cols;
}

static void draw_url(const struct handoff *h, struct canvas *c, int row, int lines, int col)
{
    const char *s = h->url;
    canvas_cursor(c, row, col);
    for (int i = 0; i < lines && *s; i++, row++) {
        size_t fit = utf8_fit(s, strlen(s), h->panel.ui->cols - col, NULL);
        fit = fit ? fit : utf8_grapheme(s, strlen(s));
        canvas_put(c, row, col, h->panel.ui->cols - col, s, fit, STYLE(TEXT));
        s += fit;
    }
}

static void draw_offers(const struct handoff *h, struct canvas *c, const struct offer *o, size_t n,
                        int row, int rows, int col)
{
    const struct ui *u = h->panel.ui;
    for (size_t i = 0; i < n && (int)i < rows; i++) {
        const char key[2] = {o[i].key, '\0'};
        ui_put(u, c, row + (int)i, col, 2, key, STYLE(KEY));
        ui_put(u, c, row + (int)i, col + GAP, u->cols - col - GAP, o[i].what, STYLE(TEXT));
    }
}

static void draw_head(const struct handoff *h, struct canvas *c, int row)
{
    const struct ui *u = h->panel.ui;
    struct buf head = {0};
    int edge = edge_of(u);
    if (h->audio)
        buf_printf(&head, "%s ", ui_glyph(u, GLYPH_AUDIO));
    buf_str(&head, h->head);
    ui_put(u, c, row, edge, u->cols - edge, head.data, STYLE(VIEW_TITLE));
    buf_free(&head);
}

// Rule, head, the code with the keys beside it, the address; blanks between where there is room.
struct beside {
    int quiet, cols, rows, height;
    bool airy;
};
static bool fits_beside(const struct handoff *h, int room, struct beside *b)
{
    const struct ui *u = h->panel.ui;
    struct offer o[OFFERS];
    size_t n = offers(h, true, o);
    int col, address = url_lines(h, u->cols, &col), widest = 0;
    for (size_t i = 0; i < n; i++) {
        int len = (int)strlen(o[i].what);
        widest = len > widest ? len : widest;
    }
    if (!h->code.dark)
        return false;
    int most = u->cols - 2 * edge_of(u) - 2 * GAP - widest;
    b->quiet = code_quiet(u, &h->code, most, room - address - 4);
    b->airy = b->quiet >= 0;
    if (!b->airy)
        b->quiet = code_quiet(u, &h->code, most, room - address - 2);
    if (b->quiet < 0)
        return false;
    code_size(u, &h->code, b->quiet, &b->cols, &b->rows);
    b->height = b->rows + address + (b->airy ? 4 : 2);
    return true;
}

static int handoff_height(struct panel *p, int cols, int room)
{
    struct handoff *h = (struct handoff *)p;
    struct offer o[OFFERS];
    struct beside b;
    int col, address = url_lines(h, cols, &col);
    if (h->alone)
        return room;
    if (fits_beside(h, room, &b))
        return b.height;
    int all = address + 4 + (int)offers(h, false, o);
    return all <= room ? all : room;
}

static void draw_alone(const struct handoff *h, struct canvas *c, int row, int rows)
{
    const struct ui *u = h->panel.ui;
    int w, t, quiet = code_quiet(u, &h->code, u->cols, rows);
    canvas_cursor(c, row, 0);
    if (quiet >= 0) {
        code_size(u, &h->code, quiet, &w, &t);
        code_draw(u, c, &h->code, quiet, row + (rows - t) / 2, (u->cols - w) / 2, h->flipped);
        return;
    }
    struct buf why = {0};
    code_size(u, &h->code, QUIET_LEAST, &w, &t);
    buf_printf(&why,
               "The code of this address takes %d columns and %d rows; this window has %d and %d. "
               "Make it larger, or its letters smaller.",
               w, t, u->cols, rows);
    ui_put_words(u, c, row, edge_of(u), u->cols - 2 * edge_of(u), rows, why.data, STYLE(TEXT),
                 NULL);
    buf_free(&why);
}

// As much as there is room for, the address first of all.
static void draw_words(const struct handoff *h, struct canvas *c, int row, int rows)
{
    struct ui *u = h->panel.ui;
    struct offer o[OFFERS];
    size_t wanted = offers(h, false, o);
    int col, lines = url_lines(h, u->cols, &col), spare = rows - lines;
    if (spare > 0) {
        panel_rule(u, c, row++);
        spare--;
    }
    if (spare > 0) {
        draw_head(h, c, row++);
        spare--;
    }
    bool airy = spare >= (int)wanted + 2;
    row += airy;
    draw_url(h, c, row, lines, col);
    row += lines + airy;
    draw_offers(h, c, o, wanted, row, spare - 2 * airy, edge_of(u));
}

static void handoff_draw(struct panel *p, struct canvas *c, int row, int rows)
{
    struct handoff *h = (struct handoff *)p;
    struct offer o[OFFERS];
    struct beside b;
    int col, edge = edge_of(p->ui);
    if (h->alone) {
        draw_alone(h, c, row, rows);
    } else if (fits_beside(h, rows, &b)) {
        panel_rule(p->ui, c, row);
        draw_head(h, c, row + 1);
        row += 2 + b.airy;
        code_draw(p->ui, c, &h->code, b.quiet, row, edge, h->flipped);
        size_t n = offers(h, true, o);
        draw_offers(h, c, o, n, row + (b.rows > (int)n), b.rows, edge + b.cols + GAP);
        int lines = url_lines(h, p->ui->cols, &col);
        draw_url(h, c, row + b.rows + b.airy, lines, col);
    } else {
        draw_words(h, c, row, rows);
    }
}

static void handoff_status(struct panel *p, struct buf *left, struct buf *right)
{
    struct handoff *h = (struct handoff *)p;
    if (!h->alone)
        return;
    buf_str(left, h->head);
    if (p->ui->cols >= 40)
        buf_printf(right, "i light for dark %s q back", ui_glyph(p->ui, GLYPH_DOT));
}

static bool said(struct ui *u, bool ok, const char *what, const char *title, const struct err *e)
{
    if (ok)
        ui_message(u, false, "%s: %s", what, title);
    else
        ui_message(u, true, "%s", e->msg);
    return !ok; // the window goes when its work is done
}

static bool alone_key(struct handoff *h, int key)
{
    if (key == 'i')
        h->flipped = !h->flipped;
    else if (key == 's' || panel_closes(key))
        h->alone = false;
    return true;
}

static bool handoff_key(struct panel *p, int key)
{
    struct handoff *h = (struct handoff *)p;
    struct ui *u = p->ui;
    struct err e = ERR_INIT;
    if (h->alone)
        return alone_key(h, key);
    switch (key) {
    case 'c':
    case 'y':
        item_copy(u, h->url);
        return true;
    case 'p':
        if (!h->play)
            return true;
        if (item_play(u, h->item, h->url, h->title, &e))
            return false;
        ui_message(u, true, "%s", e.msg);
        return true;
    case 'o':
        return !h->open || said(u,
                                u->set.browse ? u->set.browse(u->set.ctx, h->url, &e)
                                              : audio_browse(u->set.conf, h->url, &e),
                                "Opening in the browser", h->title, &e);
    case 'r':
        return !h->remote || said(u, audio_open_remote(u->set.conf, h->url, &e),
                                  "Opening on your own machine", h->title, &e);
    case 's':
        h->alone = h->code.dark != NULL;
        return true;
    case 'i':
        h->flipped = !h->flipped;
        return true;
    default:
        return !panel_closes(key);
    }
}

static void handoff_free(struct panel *p)
{
    struct handoff *h = (struct handoff *)p;
    qr_free(&h->code);
    free(h->head);
    free(h->url);
    free(h->title);
    free(h);
}

static struct handoff *new (struct ui *u, const char *head, const char *url, const char *title)
{
    static const struct panel_ops ops = {.height = handoff_height,
                                         .draw = handoff_draw,
                                         .status = handoff_status,
                                         .key = handoff_key,
                                         .free = handoff_free};
    struct handoff *h = mem_alloc(sizeof *h);
    h->panel = (struct panel){.ops = &ops, .ui = u};
    h->head = mem_strdup(head ? head : url);
    h->url = mem_strdup(url);
    h->title = mem_strdup(title ? title : url);
    h->open = u->set.browse || audio_display();
    h->remote = *conf_str(u->set.conf, CONF_OPEN_REMOTE) != '\0';
    if (!ui_in_words(u))              // a picture is no use where there is only speech
        qr_make(url, &h->code, NULL); // without one there are the other ways
    return h;
}

struct panel *handoff_new(struct ui *u, const char *head, const char *url, const char *title,
                          bool here)
{
    struct handoff *h = new (u, head, url, title);
    h->open = h->open || here;
    return &h->panel;
}

struct panel *handoff_sound(struct ui *u, int64_t item, const char *head, const char *url,
                            const char *title, bool here)
{
    struct handoff *h = new (u, head, url, title);
    h->audio = true;
    h->item = item;
    h->play = here;
    return &h->panel;
}
