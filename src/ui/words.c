// For screen readers: rows as a sentence in place of columns and signs, and nothing that only
// decorates.
#include <string.h>

#include "lectern/doc.h"
#include "lectern/utf8.h"
#include "view.h"

bool ui_in_words(const struct ui *u)
{
    return conf_bool(u->set.conf, CONF_ACCESSIBLE);
}

static void add(struct buf *out, const char *what)
{
    buf_str(out, ", ");
    buf_str(out, what);
}

// All but the title.
static void add_state(const struct ui *u, const struct item_row *r, bool kept_date, bool many,
                      struct buf *out)
{
    int percent = (int)(r->progress * 100 + 0.5);
    if (r->flags & ITEM_STARTED && !(r->flags & ITEM_FINISHED)) {
        add(out, "");
        buf_printf(out, "%d%% read", percent < 1 ? 1 : percent > 99 ? 99 : percent);
    } else if (r->flags & ITEM_UNREAD) {
        add(out, "unread");
    }
    if (r->words) {
        add(out, "");
        buf_printf(out, "%d min", doc_minutes(r->words));
    }
    static const struct {
        unsigned flag;
        const char *word;
    } flags[] = {{ITEM_AUDIO, "audio"},     {ITEM_BOOKMARKED, "bookmark"},
                 {ITEM_PREVIEW, "preview"}, {ITEM_REVISED, "revised"},
                 {ITEM_NOTED, "note"},      {ITEM_HIGHLIGHTED, "highlighted"}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (r->flags & flags[i].flag)
            add(out, flags[i].word);
    int64_t when = kept_date && r->kept ? r->kept : r->published;
    if (when > 0) {
        add(out, "");
        struct buf date = {0};
        when_list(u->when, when, ui_now(u), &date);
        buf_str(out, buf_cstr(&date) + strspn(buf_cstr(&date), " "));
        buf_free(&date);
    }
    if (many && r->feed_title)
        add(out, r->feed_title);
}

void words_item(const struct ui *u, const struct item_row *r, int cols, bool kept_date, bool many,
                struct buf *out)
{
    struct buf state = {0};
    const char *title = r->id == 0 ? "no longer here" : *r->title ? r->title : "no title";
    if (r->id != 0)
        add_state(u, r, kept_date, many, &state);
    int room = cols - ui_cols_of(u, buf_cstr(&state)); // a long title leaves the rest its place
    utf8_ellipsize(out, title, strlen(title), room > cols / 2 ? room : cols / 2, u->set.ascii);
    buf_str(out, buf_cstr(&state));
    buf_free(&state);
}

void words_shelf(const char *label, int64_t unread, int64_t total, const char *health,
                 struct buf *out)
{
    buf_str(out, label);
    if (unread > 0)
        buf_printf(out, ", %lld new", (long long)unread);
    if (total >= 0)
        buf_printf(out, unread > 0 ? " of %lld" : ", %lld", (long long)total);
    if (health && *health)
        add(out, health);
}

// Lines and blocks drawn of letters, wherever they come from.
static bool drawn_line(const char *glyph)
{
    const unsigned char *g = (const unsigned char *)glyph; // U+2500 to U+259F
    return g[0] == 0xE2 && (g[1] == 0x94 || g[1] == 0x95 || (g[1] == 0x96 && g[2] < 0xA0));
}

void words_hush(struct canvas *c)
{
    for (int row = 0; row < canvas_rows(c); row++)
        for (int col = 0; col < canvas_cols(c); col++) {
            struct cell_view at = canvas_at(c, row, col);
            bool rule = at.style.role == ROLE_QUOTE_BAR || at.style.role == ROLE_RULE ||
                        at.style.role == ROLE_TABLE_RULE;
            if (at.width == 1 && (drawn_line(at.glyph) || (rule && strcmp(at.glyph, " ") != 0)))
                canvas_put(c, row, col, 1, " ", 1, at.style);
        }
}
