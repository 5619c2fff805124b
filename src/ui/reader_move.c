// Ways through an essay: by lines and pages, to headings and to places, and back along the trail of
// jumps.
#include "reader.h"

static void turn_page(struct reader *r)
{
    size_t next = page_next(r->layout, r->top, r->height);
    if (next < r->layout->nlines)
        reader_go_line(r, next);
}

static bool all_seen(const struct reader *r, size_t top, bool bare)
{
    return bare ? page_end_bare(r->layout, top, r->height) >= r->layout->nlines
                : top >= r->last_top;
}

static void line_down(struct reader *r, size_t n)
{
    size_t top = r->top;
    bool bare = r->bare;
    for (; n > 0 && !all_seen(r, top, bare); n--) {
        top = page_down(r->layout, top, r->height, &bare);
        reader_reach(r, top);
    }
    if (top == r->top && bare == r->bare)
        return;
    reader_go_line(r, bare || top < r->last_top ? top : r->last_top);
    r->bare = bare;
}

static void line_up(struct reader *r, size_t n)
{
    size_t top = r->top;
    bool bare = r->bare;
    while (n-- > 0 && top > 0)
        top = page_up(r->layout, top, r->height, &bare);
    reader_go_line(r, top);
    r->bare = bare;
}

static void jump(struct reader *r, size_t line)
{
    uint32_t from = r->place;
    reader_go_line(r, line);
    if (r->place != from)
        trail_leave(&r->trail, from);
}

static void go_page(struct reader *r, int count, bool end)
{
    if (count > 0 || end)
        reader_reach(r, SIZE_MAX);
    size_t page = count > 0 ? (size_t)count - 1 : end ? r->pages->n - 1 : 0;
    jump(r, page == 0 ? 0 : r->pages->tops[page < r->pages->n ? page : r->pages->n - 1]);
}

static void go_heading(struct reader *r, int dir)
{
    const struct layout *l = r->layout;
    for (size_t i = r->top; dir > 0 ? (reader_reach(r, ++i), i < l->nlines) : i-- > 0;)
        if (l->lines[i].flags & LINE_HEADING &&
            (i == 0 || l->lines[i - 1].block != l->lines[i].block)) {
            jump(r, i);
            return;
        }
    if (dir < 0 && r->top > 0)
        jump(r, 0);
    else
        ui_hint(r->view.ui, dir > 0 ? "No heading further on" : "This is the beginning");
}

// Shows offset `off`: where it is on the page already, nothing moves; else its line comes to the
// upper third.
void reader_show_offset(struct reader *r, uint32_t off)
{
    layout_reach(r->layout, off);
    size_t line = layout_line_at(r->layout, off);
    reader_reach(r, line);
    if (line >= r->top && line < reader_shown_end(r))
        return;
    uint32_t from = r->place;
    size_t lead = (size_t)r->height / 3;
    size_t top = line > lead ? line - lead : 0;
    reader_go_line(r, top < r->last_top || line < r->last_top ? top : r->last_top);
    if (line >= reader_shown_end(r))
        reader_go_line(r, line);
    if (r->place != from)
        trail_leave(&r->trail, from);
}

// Back to where a jump began, or forward again.
static void go_trail(struct reader *r, bool back)
{
    uint32_t to = 0;
    if (!(back ? trail_back : trail_forward)(&r->trail, r->place, &to))
        ui_hint(r->view.ui,
                back ? "You have not jumped in this essay" : "There is nothing to go forward to");
    else
        reader_go_line(r, reader_line_of(r, to));
}

void reader_show(struct view *view, uint32_t off)
{
    reader_show_offset((struct reader *)view, off);
}

void reader_go(struct view *view, uint32_t off)
{
    struct reader *r = (struct reader *)view;
    jump(r, reader_line_of(r, off));
}

bool reader_move(struct reader *r, enum action a, int count)
{
    size_t n = count > 0 ? (size_t)count : 1;
    switch (a) {
    case ACT_DOWN:
        line_down(r, n);
        return true;
    case ACT_UP:
        line_up(r, n);
        return true;
    case ACT_HALF_DOWN:
        line_down(r, (size_t)(r->height + 1) / 2);
        return true;
    case ACT_HALF_UP:
        line_up(r, (size_t)(r->height + 1) / 2);
        return true;
    case ACT_PAGE_DOWN:
        for (size_t i = 0; i < n && !reader_at_end(r); i++)
            turn_page(r);
        return true;
    case ACT_PAGE_UP:
        for (size_t i = 0; i < n && r->top > 0; i++)
            reader_go_line(r, page_prev(r->layout, r->top, r->height));
        return true;
    case ACT_TOP:
    case ACT_BOTTOM:
        go_page(r, count, a == ACT_BOTTOM);
        return true;
    case ACT_NEXT_HEADING:
    case ACT_PREV_HEADING:
        for (size_t i = 0, top = SIZE_MAX; i < n && top != r->top; i++) {
            top = r->top;
            go_heading(r, a == ACT_NEXT_HEADING ? 1 : -1);
        }
        return true;
    case ACT_JUMP_BACK:
    case ACT_JUMP_FORWARD:
        go_trail(r, a == ACT_JUMP_BACK);
        return true;
    default:
        return false;
    }
}
