// Marks as in vi: one letter for a place. m and a letter sets one, ' and the letter goes there; the
// window shows which there are, with the words that stand at each. Small letters belong to the
// essay, capitals lead to one place in the whole library.
#include <stdlib.h>
#include <string.h>

#include "lectern/layout.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "panel.h"

struct marks {
    struct panel panel;
    struct view *reader;
    const struct doc *doc;
    int64_t id;
    uint32_t place;
    bool setting;
    struct place_mark items[PLACE_MARKS];
    size_t n;
    char *titles[PLACE_MARKS]; // of the essays that others' marks lie in; else NULL
};

static bool is_letter(int key)
{
    return (key >= 'a' && key <= 'z') || (key >= 'A' && key <= 'Z');
}

static int marks_height(struct panel *panel, int cols, int room)
{
    struct marks *m = (struct marks *)panel;
    (void)cols;
    if (m->setting || m->n == 0)
        return 0;
    return (int)m->n + 1 < room ? (int)m->n + 1 : room;
}

static void marks_draw(struct panel *panel, struct canvas *c, int row, int rows)
{
    struct marks *m = (struct marks *)panel;
    struct ui *u = panel->ui;
    int edge = u->cols >= 40 ? 3 : 0;
    if (rows < 1)
        return;
    if (rows > 1 && rows > (int)m->n) {
        panel_rule(u, c, row++);
        rows--;
    }
    for (size_t i = 0; i < m->n && (int)i < rows; i++, row++) {
        const struct place_mark *at = &m->items[i];
        char letter[2] = {at->letter, 0};
        ui_put(u, c, row, edge, 2, letter, STYLE(KEY));
        char *words = NULL;
        if (at->id == m->id && at->off < m->doc->len) {
            size_t len = m->doc->len - at->off;
            words = utf8_clean_dup(m->doc->text + at->off, len < 400 ? len : 400, UTF8_LINE);
        }
        ui_put(u, c, row, edge + 3, u->cols - 2 * edge - 3,
               words          ? words
               : m->titles[i] ? m->titles[i]
                              : "(an essay that is gone)",
               words ? STYLE(LIST_TITLE) : STYLE(LIST_DIM));
        free(words);
        if (i == 0)
            canvas_cursor(c, row, edge);
    }
}

static void marks_status(struct panel *panel, struct buf *left, struct buf *right)
{
    struct marks *m = (struct marks *)panel;
    bool wide = panel->ui->cols >= 60;
    if (m->setting) {
        buf_str(left, "Mark this place with a letter:");
        if (wide)
            buf_str(right, "a-z in this essay, A-Z from everywhere");
    } else {
        buf_str(left, "Go to mark:");
        if (wide)
            buf_str(right, m->n ? "' back to where you jumped from"
                                : "none yet: m and a letter sets one; ' goes back");
    }
}

static void go_elsewhere(struct ui *u, const struct place_mark *at)
{
    struct err e = ERR_INIT;
    struct view *v = reader_new(u, at->id, &e);
    if (!v) {
        ui_message(u, true, "Mark %c cannot be reached: %s", at->letter, e.msg);
        return;
    }
    ui_push(u, v);
    reader_go(v, at->off);
}

static bool marks_key(struct panel *panel, int key)
{
    struct marks *m = (struct marks *)panel;
    struct ui *u = panel->ui;
    struct view *reader = m->reader;
    if (m->setting) {
        if (!is_letter(key)) {
            if (key >= ' ' && key < KEYS_SPECIAL && key != 127)
                ui_hint(u, "A mark is a letter");
            return false;
        }
        store_set_mark(u->set.store, (struct place_mark){m->id, (char)key, m->place});
        ui_hint(u, key >= 'a' ? "Marked %c" : "Marked %c, to be reached from every essay", key);
        return false;
    }
    if (key == '\'' || key == '`') {
        ui_panel(u, NULL);
        ui_act(u, ACT_JUMP_BACK, 0);
        return true;
    }
    for (size_t i = 0; i < m->n; i++)
        if (key == m->items[i].letter) {
            struct place_mark at = m->items[i];
            bool here = at.id == m->id;
            ui_panel(u, NULL);
            if (here)
                reader_go(reader, at.off);
            else
                go_elsewhere(u, &at);
            return true;
        }
    if (is_letter(key))
        ui_hint(u, "There is no mark %c", key);
    return false;
}

static void marks_free(struct panel *panel)
{
    struct marks *m = (struct marks *)panel;
    for (size_t i = 0; i < m->n; i++)
        free(m->titles[i]);
    free(m);
}

struct panel *marks_new(struct ui *u, struct view *reader, const struct doc *d, int64_t id,
                        uint32_t place, bool set)
{
    static const struct panel_ops ops = {
        .height = marks_height,
        .draw = marks_draw,
        .status = marks_status,
        .key = marks_key,
        .free = marks_free,
    };
    struct marks *m = mem_alloc(sizeof *m);
    struct arena *a = arena_new();
    m->panel = (struct panel){.ops = &ops, .ui = u, .of_page = true};
    m->reader = reader;
    m->doc = d;
    m->id = id;
    m->place = place;
    m->setting = set;
    if (!store_marks(u->set.store, id, m->items, &m->n, NULL))
        m->n = 0;
    for (size_t i = 0; i < m->n; i++) {
        struct item_row row = {0};
        if (m->items[i].id != id && store_rows(u->set.store, &m->items[i].id, 1, a, &row, NULL) &&
            row.id)
            m->titles[i] = mem_strdup(row.title);
    }
    arena_free(a);
    return &m->panel;
}
