// Inside the article: what of it is none. Boxes and lists of links to other pages, lines of the
// house ("Read also: ..."), what is under a heading like "Related", comments under it, the facts
// over it that the head of the page says better. Notes stay wherever they stand. Every look at
// words is short and bounded, so that all of it is linear.
#include "html_extract.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

enum { LINE = 240, LOOK = 200 };

// The words of a block, at most LINE bytes of them and LOOK nodes away.
static void line_of(const struct html_tree *t, uint32_t node, struct buf *out)
{
    struct buf raw = {0};
    uint32_t i = node;
    for (int n = 0; n < LOOK && i != NO_NODE && raw.len < 2 * LINE; n++) {
        const struct hnode *k = &t->nodes[i];
        if (k->tag == TAG_TEXT)
            buf_add(&raw, t->text.data + k->at, k->n < 2 * LINE ? k->n : 2 * LINE);
        else if (html_is_block((enum html_tag)k->tag) || k->tag == TAG_BR)
            buf_char(&raw, ' ');
        i = html_next(t, i, node, !html_is_void((enum html_tag)k->tag) && !(k->flags & NODE_SKIP));
    }
    buf_clear(out);
    utf8_clean(out, buf_cstr(&raw), raw.len, UTF8_LINE);
    buf_free(&raw);
}

static void skip(struct html_tree *t, uint32_t node)
{
    t->nodes[node].flags |= NODE_SKIP;
}

// With all below but the notes of the article.
static void skip_all(const struct weights *w, struct html_tree *t, uint32_t node, const bool *notes)
{
    if (!notes[node]) {
        skip(t, node);
        return;
    }
    for (uint32_t i = node; i < w->of[node].end;) {
        bool note = t->nodes[i].tag != TAG_TEXT && (t->nodes[i].flags & NODE_NOTE);
        if (note || !notes[i]) {
            if (!note && t->nodes[i].tag != TAG_TEXT)
                skip(t, i);
            else if (!note)
                t->nodes[i].n = 0;
            i = w->of[i].end;
        } else {
            t->nodes[i].flags &= (uint8_t)~NODE_SKIP;
            t->nodes[i].todo = DO_NOTHING;
            i++;
        }
    }
}

static bool *holds_notes(const struct weights *w)
{
    const struct html_tree *t = w->t;
    bool *out = mem_array(t->nnodes, sizeof *out);
    for (uint32_t i = (uint32_t)t->nnodes; i-- > 1;) {
        if (t->nodes[i].tag != TAG_TEXT && (t->nodes[i].flags & NODE_NOTE))
            out[i] = true;
        if (out[i])
            out[t->nodes[i].parent] = true;
    }
    return out;
}

struct cleaner {
    struct weights *w;
    struct html_tree *t;
    const struct page_facts *f;
    const bool *notes;
    uint32_t top, end;
    struct buf s;
};

static void set_marks(struct cleaner *c, const struct html_selector *remove)
{
    struct html_tree *t = c->t;
    for (uint32_t i = c->top + 1; i < c->end;) {
        struct hnode *n = &t->nodes[i];
        const struct weight *k = &c->w->of[i];
        if (n->tag == TAG_TEXT) {
            i++;
            continue;
        }
        if (k->mark & MARK_GONE) {
            skip(t, i);
            i = k->end;
        } else if ((k->mark & MARK_AROUND) || (remove && html_selector_holds(remove, t, i))) {
            skip_all(c->w, t, i, c->notes);
            i = k->end;
        } else {
            bool freed = n->todo == DO_DROP && k->all > 0 && html_is_block((enum html_tag)n->tag) &&
                         !(k->signs & SIGN_AROUND);
            if (freed)
                n->todo = DO_NOTHING;
            if (freed || n->tag == TAG_HEADER || n->tag == TAG_FOOTER)
                n->flags &= (uint8_t)~NODE_SKIP;
            if (n->todo == DO_PREVIEW && !(k->mark & MARK_WALL))
                n->todo = DO_NOTHING; // it is called so because one has to pay for it
            i = n->flags & NODE_SKIP ? k->end : i + 1;
        }
    }
}

// ---- lists of links ----

static uint32_t links_in(const struct html_tree *t, uint32_t node, uint32_t end)
{
    uint32_t n = 0;
    if (end > node + LOOK)
        end = node + LOOK;
    for (uint32_t i = node + 1; i < end && n < 3; i++)
        n += t->nodes[i].tag == TAG_A && html_attr(t, i, ATTR_HREF);
    return n;
}

static void link_boxes(struct cleaner *c)
{
    struct html_tree *t = c->t;
    for (uint32_t i = c->top + 1; i < c->end; i++) {
        const struct hnode *n = &t->nodes[i];
        const struct weight *k = &c->w->of[i];
        if (n->tag == TAG_TEXT)
            continue;
        if (n->flags & NODE_SKIP) {
            i = k->end - 1;
            continue;
        }
        bool aside = n->tag == TAG_ASIDE;
        if ((!aside && n->tag != TAG_DIV && n->tag != TAG_SECTION && n->tag != TAG_TABLE) ||
            c->notes[i] || k->good > 3 || k->chars == 0)
            continue;
        float density = (float)k->links / (float)k->chars;
        uint32_t links = density > 0.4f ? links_in(t, i, k->end) : 0;
        if (html_find_near(t, i, TAG_FIGURE, k->end) != NO_NODE || (n->todo && n->todo != DO_DROP))
            continue; // a picture's caption may lead to its maker; a card is one
        if ((aside && links && density > 0.4f) || (links > 1 && density > 0.65f) ||
            (links && density > 0.8f && k->chars < 300 && n->tag == TAG_DIV &&
             signs_line(buf_cstr((line_of(t, i, &c->s), &c->s)), c->s.len, true))) {
            skip(t, i);
            i = k->end - 1;
        }
    }
}

// ---- headings of boxes ----

// The box that this is the first in, below the article.
static uint32_t box_of(const struct cleaner *c, uint32_t head)
{
    const struct html_tree *t = c->t;
    uint32_t box = head;
    float most = 0.12f * c->w->of[c->top].good;
    for (int hops = 0; hops < 6; hops++) {
        uint32_t up = t->nodes[box].parent;
        if (up == NO_NODE || up <= c->top || c->w->of[up].good > (most > 4 ? most : 4))
            break;
        uint32_t before = 0;
        for (uint32_t i = up + 1; i < head && i < up + LOOK; i++)
            before += c->w->of[i].home == up || t->nodes[i].tag == TAG_TEXT ? c->w->of[i].chars : 0;
        if (before > 20)
            break;
        box = up;
    }
    return box;
}

static bool is_heading(enum html_tag tag)
{
    return tag >= TAG_H1 && tag <= TAG_H6;
}

// Behind a heading that stands alone: what is links, or short, up to the next heading or prose.
static void drop_run(struct cleaner *c, uint32_t head)
{
    struct html_tree *t = c->t;
    skip(t, head);
    for (uint32_t s = t->nodes[head].next; s != NO_NODE; s = t->nodes[s].next) {
        const struct weight *k = &c->w->of[s];
        if (t->nodes[s].tag == TAG_TEXT)
            continue;
        bool links = k->chars && k->links * 2 > k->chars;
        if (is_heading((enum html_tag)t->nodes[s].tag) || c->notes[s] || (!links && k->good > 1.5f))
            break;
        skip(t, s);
    }
}

// Everything from here on, as far as the article goes.
static void drop_rest(struct cleaner *c, uint32_t from)
{
    for (uint32_t i = from; i != c->top && i != NO_NODE; i = c->t->nodes[i].parent)
        for (uint32_t s = i == from ? i : c->t->nodes[i].next; s != NO_NODE;
             s = c->t->nodes[s].next) {
            if (c->t->nodes[s].tag == TAG_TEXT)
                c->t->nodes[s].n = 0;
            else
                skip_all(c->w, c->t, s, c->notes);
        }
}

static void boxes(struct cleaner *c)
{
    struct html_tree *t = c->t;
    float before = 0; // prose so far
    for (uint32_t i = c->top + 1; i < c->end; i++) {
        const struct hnode *n = &t->nodes[i];
        const struct weight *k = &c->w->of[i];
        if (n->tag == TAG_TEXT)
            continue;
        if (n->flags & NODE_SKIP) {
            i = k->end - 1;
            continue;
        }
        before += k->prose;
        if (!html_is_block((enum html_tag)n->tag) || !k->own || k->own > 60 || k->chars > 60 ||
            n->tag == TAG_TD || n->tag == TAG_FIGCAPTION)
            continue;
        line_of(t, i, &c->s);
        bool heading = is_heading((enum html_tag)n->tag);
        if (!c->w->thread && heading && signs_talk_heading(buf_cstr(&c->s), c->s.len) &&
            before > 0.2f * c->w->of[c->top].good) {
            uint32_t box = box_of(c, i);
            drop_rest(c, box);
            return;
        }
        if (!signs_box_heading(buf_cstr(&c->s), c->s.len))
            continue;
        uint32_t box = box_of(c, i);
        if (box != i) {
            skip_all(c->w, t, box, c->notes);
            i = c->w->of[box].end - 1;
        } else if (heading) {
            drop_run(c, i);
        } else {
            uint32_t s = n->next;
            while (s != NO_NODE && t->nodes[s].tag == TAG_TEXT)
                s = t->nodes[s].next;
            if (s != NO_NODE && c->w->of[s].chars && c->w->of[s].links * 2 > c->w->of[s].chars)
                drop_run(c, i);
        }
    }
}

// ---- lines ----

static bool holds(const char *in, const char *what)
{
    return what && *what && strlen(what) > 2 && strcasestr(in, what);
}

// "18 November 2026", "2026-11-18", "Nov. 18, 2026 | 9 min", "2. März 2026, 6:00 Uhr"
static bool looks_like_date(const char *s)
{
    size_t digits = 0, len = strlen(s);
    bool year = false;
    for (const char *p = s; *p; p++) {
        bool digit = *p >= '0' && *p <= '9';
        year = year || ((strncmp(p, "20", 2) == 0 || strncmp(p, "19", 2) == 0) &&
                        strspn(p, "0123456789") == 4 && (p == s || p[-1] < '0' || p[-1] > '9'));
        digits += digit;
    }
    return len < 60 && ((year && digits >= 5) || (digits >= 6 && digits * 2 >= len));
}

// Facts over or under an article that the head says better.
static bool is_stamp(const char *s)
{
    static const char *const starts[] = {"published",         "updated",       "posted ",
                                         "last update",       "last modified", "last edited",
                                         "this page was last"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncasecmp(s, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static bool is_fact(const struct cleaner *c, const char *s, uint32_t node)
{
    return facts_is_byline(s) || looks_like_date(s) || holds(s, c->f->author) || is_stamp(s) ||
           html_find_near(c->t, node, TAG_TIME, c->w->of[node].end) != NO_NODE;
}

static bool in_leaf(const struct html_tree *t, uint32_t node)
{
    enum html_tag tag = (enum html_tag)t->nodes[node].tag;
    return tag == TAG_P || tag == TAG_DIV || tag == TAG_LI || tag == TAG_SECTION ||
           tag == TAG_ASIDE || tag == TAG_HEADER || tag == TAG_FOOTER || tag == TAG_UL ||
           tag == TAG_CENTER || tag == TAG_ADDRESS || is_heading(tag);
}

// Is all below it its own lines?
static bool is_line(const struct cleaner *c, uint32_t node)
{
    const struct weight *k = &c->w->of[node];
    return k->own && k->chars == k->own && in_leaf(c->t, node);
}

// A link that stands in no paragraph ("Edit this page"), and the picture of who wrote it.
static bool is_loose(const struct cleaner *c, uint32_t i, bool begun)
{
    const struct html_tree *t = c->t;
    const struct weight *k = &c->w->of[i];
    struct buf *s = (struct buf *)&c->s;
    if (t->nodes[i].tag == TAG_IMG && !begun) {
        const char *alt = html_attr(t, i, ATTR_ALT), *wide = html_attr(t, i, ATTR_WIDTH);
        int pixels = wide ? atoi(wide) : 0;
        return (pixels > 0 && pixels <= 96) || (alt && *alt && holds(alt, c->f->author));
    }
    uint32_t up = t->nodes[i].parent;
    if (t->nodes[i].tag != TAG_A || !k->chars || k->chars > 60 ||
        !html_is_block((enum html_tag)t->nodes[up].tag) || t->nodes[up].tag == TAG_P ||
        c->w->of[up].chars < 4 * k->chars)
        return false;
    line_of(t, i, s);
    return signs_line(buf_cstr(s), s->len, true);
}

static void lines(struct cleaner *c)
{
    struct html_tree *t = c->t;
    bool begun = false;
    for (uint32_t i = c->top + 1; i < c->end; i++) {
        const struct hnode *n = &t->nodes[i];
        const struct weight *k = &c->w->of[i];
        if (n->tag == TAG_TEXT)
            continue;
        if (n->flags & NODE_SKIP) {
            i = k->end - 1;
            continue;
        }
        if (n->tag == TAG_PRE || n->tag == TAG_TABLE || n->tag == TAG_FIGURE ||
            n->tag == TAG_BLOCKQUOTE || (n->flags & NODE_NOTE) || c->notes[i] != false) {
            if (n->tag != TAG_TABLE && !c->notes[i])
                i = k->end - 1;
            begun = begun || n->tag == TAG_BLOCKQUOTE;
            continue;
        }
        if (is_loose(c, i, begun)) {
            skip(t, i);
            i = k->end - 1;
            continue;
        }
        if (!is_line(c, i) || k->own > 200) {
            begun = begun || (html_is_block((enum html_tag)n->tag) && k->own > 120);
            continue;
        }
        line_of(t, i, &c->s);
        const char *s = buf_cstr(&c->s);
        bool linked = k->own_links * 2 > k->own, heading = is_heading((enum html_tag)n->tag);
        bool drop = !heading && signs_line(s, c->s.len, linked);
        if (signs_wall(s, c->s.len)) {
            t->nodes[i].todo = DO_PREVIEW;
            i = k->end - 1;
            continue;
        }
        if (!drop && !begun && !heading && k->own < 90 && !c->w->thread)
            drop = is_fact(c, s, i) || (linked && n->tag != TAG_LI && k->own < 40);
        if (!drop && !begun && heading)
            drop = looks_like_date(s);
        if (!drop && (!begun || c->w->thread) && heading && c->f->title &&
            (holds(c->f->title, s) || holds(s, c->f->title)) &&
            c->s.len * 2 > strlen(c->f->title) && c->s.len < strlen(c->f->title) + 10)
            drop = true; // the title again
        if (drop && !c->notes[i])
            skip(t, i);
        begun = begun || (!drop && k->prose >= 1.5f);
        if (drop)
            i = k->end - 1;
    }
}

// An item of a list, or a paragraph, that a heading stands over.
static bool under_heading(const struct html_tree *t, uint32_t node)
{
    uint32_t list = t->nodes[node].tag == TAG_LI ? t->nodes[node].parent : node;
    uint32_t before = NO_NODE;
    int n = 0;
    for (uint32_t s = t->nodes[t->nodes[list].parent].first; s != list && s != NO_NODE && n < LOOK;
         s = t->nodes[s].next)
        if (t->nodes[s].tag != TAG_TEXT && !(t->nodes[s].flags & NODE_SKIP)) {
            before = s;
            n++;
        }
    return before != NO_NODE && n < LOOK && is_heading((enum html_tag)t->nodes[before].tag);
}

// From the end back to the last prose: lines that only lead elsewhere.
static void tail(struct cleaner *c)
{
    struct html_tree *t = c->t;
    bool *gone = mem_array(c->end - c->top, sizeof *gone);
    for (uint32_t i = c->top + 1; i < c->end; i++)
        gone[i - c->top] = gone[t->nodes[i].parent - c->top] ||
                           (t->nodes[i].tag != TAG_TEXT && (t->nodes[i].flags & NODE_SKIP));
    int looked = 0;
    for (uint32_t i = c->end; i-- > c->top + 1 && looked < 40;) {
        const struct weight *k = &c->w->of[i];
        if (t->nodes[i].tag == TAG_TEXT || gone[i - c->top] || !k->own)
            continue;
        if (!is_line(c, i)) {
            if (k->own >= 25)
                break;
            continue;
        }
        looked++;
        uint32_t up = t->nodes[i].parent;
        bool note = (t->nodes[i].flags & NODE_NOTE) || t->nodes[i].tag == TAG_FIGCAPTION;
        for (int hops = 0; hops < 4 && up > c->top && !note; hops++, up = t->nodes[up].parent)
            note = (t->nodes[up].flags & NODE_NOTE) || t->nodes[up].tag == TAG_FIGURE ||
                   t->nodes[up].todo == DO_BOOKMARK;
        if (note)
            continue;
        line_of(t, i, &c->s);
        bool own = t->nodes[i].tag == TAG_P && !signs_line(buf_cstr(&c->s), c->s.len, true);
        if (k->own_links * 3 >= k->own * 2 && (own || under_heading(t, i)))
            break; // a letter that ends with what to read, "See also": the author's
        if (k->own_links * 3 < k->own * 2) {
            line_of(t, i, &c->s);
            if (k->own > 60 || !is_stamp(buf_cstr(&c->s)))
                break;
        }
        skip(t, i);
    }
    free(gone);
}

void clean_article(struct weights *w, struct html_tree *t, uint32_t top, const struct page_facts *f,
                   const struct html_selector *remove)
{
    bool *notes = holds_notes(w);
    struct cleaner c = {.w = w, .t = t, .f = f, .notes = notes, .top = top, .end = w->of[top].end};
    set_marks(&c, remove);
    boxes(&c);
    link_boxes(&c);
    lines(&c);
    if (!w->thread)
        tail(&c);
    buf_free(&c.s);
    free(notes);
}

// ---- the picture before it ----

static bool is_figure(const struct html_tree *t, uint32_t node)
{
    return t->nodes[node].tag == TAG_FIGURE || t->nodes[node].todo == DO_FIGURE;
}

uint32_t clean_lead(const struct weights *w, struct html_tree *t, uint32_t top,
                    const struct page_facts *f)
{
    uint32_t scope = top;
    for (int hops = 0; hops < 8 && scope != 0; hops++) {
        uint32_t up = t->nodes[scope].parent;
        if (up == NO_NODE || up == 0 || t->nodes[up].tag == TAG_HTML)
            break;
        scope = up;
        enum html_tag tag = (enum html_tag)t->nodes[scope].tag;
        if (tag == TAG_ARTICLE || tag == TAG_MAIN || tag == TAG_BODY ||
            (f->heading != NO_NODE && f->heading > scope && f->heading < w->of[scope].end))
            break;
    }
    if (scope == top)
        return NO_NODE;
    uint32_t inside = html_find_near(t, top, TAG_IMG, w->of[top].end);
    const char *same = inside == NO_NODE ? NULL : html_attr(t, inside, ATTR_SRC);
    for (uint32_t i = scope + 1; i < top;) {
        const struct weight *k = &w->of[i];
        if (t->nodes[i].tag == TAG_TEXT) {
            i++;
            continue;
        }
        bool head = t->nodes[i].tag == TAG_HEADER || (k->mark & MARK_EDGE) || k->end > top;
        if ((k->mark & MARK_GONE) || ((k->mark & MARK_AROUND) && !head)) {
            i = k->end;
            continue;
        }
        uint32_t img =
            is_figure(t, i) && k->end <= top ? html_find_near(t, i, TAG_IMG, k->end) : NO_NODE;
        const char *src = img == NO_NODE ? NULL : html_attr(t, img, ATTR_SRC);
        if (src && !(same && strcmp(src, same) == 0) && (k->chars || html_attr(t, img, ATTR_ALT))) {
            for (uint32_t up = i; up > scope; up = t->nodes[up].parent)
                t->nodes[up].flags &= (uint8_t)~NODE_SKIP;
            return i;
        }
        i++;
    }
    return NO_NODE;
}
