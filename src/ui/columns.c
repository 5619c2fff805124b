// From wide to narrow the columns give way in this order: the feed's name, the date, the note
// beside the minutes, the minutes, the bookmark's mark. The title takes what is left, and what a
// line's own note does not need.
#include "columns.h"

#include <stdio.h>

#include "lectern/doc.h"

struct columns columns_for(int width, enum shelf_kind shelf)
{
    struct columns k = {
        .width = width, .audio_at = -1, .kept_at = -1, .kept_dates = shelf == SHELF_BOOKMARKS};
    bool many = shelf != SHELF_FEED;
    int right = width - 1; // one past the last column the title may take
    k.mark_at = width >= 26 ? 1 : 0;
    k.title_at = k.mark_at + 2;
    if (width >= 60) {
        k.date_at = k.title_at;
        k.date_width = 6;
        k.title_at += k.date_width + 2;
    }
    if (width >= 72 && many) {
        k.feed_at = k.title_at;
        k.feed_width = width / 5 < 14 ? 14 : width / 5 > 22 ? 22 : width / 5;
        k.title_at += k.feed_width + 2;
    }
    if (width >= 26) {
        k.kept_at = right - 1;
        k.audio_at = right - 3;
        right -= 5;
    } else {
        k.audio_at = width - 1;
        right = width - 2;
    }
    if (width >= 32) {
        k.words = width >= 60;
        k.minutes_right = right;
        k.minutes_width = k.words ? 7 : 4;
        right -= k.minutes_width + 1;
    }
    if (width >= 38) {
        k.note_right = right;
        k.note_width = width >= 60 ? 7 : 4;
    }
    if (width >= 96 && k.kept_dates) {
        k.tags_width = width / 7;
        k.tags_at = k.note_right - k.note_width - 1 - k.tags_width;
    }
    return k;
}

// What is worth a word beside the title.
static void note_of(const struct item_row *r, int room, struct buf *out)
{
    int percent = (int)(r->progress * 100 + 0.5);
    percent = percent < 1 ? 1 : percent > 99 ? 99 : percent;
    if (r->flags & ITEM_STARTED && !(r->flags & ITEM_FINISHED))
        buf_printf(out, "%d%%", percent);
    else if (r->flags & ITEM_PREVIEW && room >= 7)
        buf_str(out, "preview");
    else if (r->flags & ITEM_REVISED && room >= 7)
        buf_str(out, "revised");
}

static int put_title(struct ui *u, struct canvas *c, int row, int left, const struct columns *k,
                     const struct item_row *r, bool noted)
{
    int room = k->width - k->title_at - 1;
    if (k->minutes_width)
        room = k->minutes_right - k->minutes_width - 1 - k->title_at;
    else if (k->audio_at >= 0)
        room = k->audio_at - 1 - k->title_at;
    if (k->tags_width)
        room = k->tags_at - 1 - k->title_at;
    else if (noted)
        room = k->note_right - k->note_width - 1 - k->title_at;
    const char *title = r->id == 0 ? "(no longer here)" : *r->title ? r->title : "(no title)";
    struct style st = r->id == 0               ? STYLE(LIST_DIM)
                      : r->flags & ITEM_UNREAD ? STYLE(LIST_UNREAD)
                                               : STYLE(LIST_TITLE);
    return ui_put(u, c, row, left + k->title_at, room, title, st);
}

static void draw_words(struct ui *u, struct canvas *c, int row, int left, const struct columns *k,
                       const struct item_row *r, bool current)
{
    struct buf b = {0};
    words_item(u, r, k->width, k->kept_dates, k->feed_width > 0, &b);
    ui_put(u, c, row, left, k->width, buf_cstr(&b),
           r->flags & ITEM_UNREAD ? STYLE(LIST_UNREAD) : STYLE(LIST_TITLE));
    if (current) {
        canvas_mark(c, row, left, k->width, MARK_CURRENT);
        canvas_cursor(c, row, left);
    }
    buf_free(&b);
}

void columns_draw(struct ui *u, struct canvas *c, int row, int left, const struct columns *k,
                  const struct item_row *r, bool current)
{
    struct buf b = {0};
    if (ui_in_words(u)) {
        draw_words(u, c, row, left, k, r, current);
        return;
    }
    struct style dim = STYLE(LIST_DIM), mark = STYLE(LIST_MARK);
    bool started = r->flags & ITEM_STARTED && !(r->flags & ITEM_FINISHED);
    if (started || r->flags & ITEM_UNREAD)
        canvas_str(c, row, left + k->mark_at, 1,
                   ui_glyph(u, started ? GLYPH_STARTED : GLYPH_UNREAD), mark);
    int64_t when = k->kept_dates && r->kept ? r->kept : r->published;
    if (k->date_width && when > 0) {
        when_list(u->when, when, ui_now(u), &b);
        ui_put_right(u, c, row, left + k->date_at + k->date_width, k->date_width, buf_cstr(&b),
                     dim);
        buf_clear(&b);
    }
    if (k->feed_width && r->feed_title)
        ui_put(u, c, row, left + k->feed_at, k->feed_width, r->feed_title, dim);
    if (k->note_width)
        note_of(r, k->note_width, &b);
    put_title(u, c, row, left, k, r, b.len > 0);
    if (b.len)
        ui_put_right(u, c, row, left + k->note_right, k->note_width, buf_cstr(&b), dim);
    buf_clear(&b);
    if (k->minutes_width && r->words) {
        char minutes[24];
        snprintf(minutes, sizeof minutes, k->words ? "%d min" : "%dm", doc_minutes(r->words));
        ui_put_right(u, c, row, left + k->minutes_right, k->minutes_width, minutes, dim);
    }
    if (k->audio_at >= 0 && r->flags & ITEM_AUDIO)
        canvas_str(c, row, left + k->audio_at, 1, ui_glyph(u, GLYPH_AUDIO), mark);
    if (k->kept_at >= 0 && k->kept_dates && r->flags & ITEM_NOTED)
        canvas_str(c, row, left + k->kept_at, 1, "*", mark);
    if (k->tags_width && r->tags && r->tags[0]) {
        for (size_t i = 0; r->tags[i]; i++)
            buf_printf(&b, "%s%s", i ? " " : "", r->tags[i]);
        ui_put(u, c, row, left + k->tags_at, k->tags_width, buf_cstr(&b), dim);
    }
    if (k->kept_at >= 0 && r->flags & ITEM_BOOKMARKED && !k->kept_dates)
        canvas_str(c, row, left + k->kept_at, 1, ui_glyph(u, GLYPH_KEPT), mark);
    if (current) {
        canvas_mark(c, row, left, k->width, MARK_CURRENT);
        canvas_cursor(c, row, left + k->title_at);
    }
    buf_free(&b);
}
