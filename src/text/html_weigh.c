// How much running text is where, and what stands around it. Every block's own lines are weighed:
// long lines with commas and few links are prose. What names itself a menu, a box or a place for
// comments, and heads and feet, are set aside with all they hold, unless that would leave nothing:
// pages wrap all they have in a form, or call it "sidebar-layout". All passes are over the flat
// tree, once each.
#include "html_extract.h"

#include <stdlib.h>
#include <string.h>

enum {
    LITTLE = 8,  // prose: less is no article
    ROUNDS = 12, // wrappers that are set free at most
    SHORT = 25,  // letters: shorter lines are no prose
    NEAR = 200,
};

// Letters, of which an ideograph counts two, and commas of several scripts.
static void count(const char *s, uint32_t len, uint32_t *chars, uint32_t *commas)
{
    uint32_t n = 0, c = 0;
    for (uint32_t i = 0; i < len; i++) {
        unsigned char b = (unsigned char)s[i];
        if (b < 0x80) {
            n += b > ' ';
            c += b == ',' || b == ';';
        } else if (b >= 0xC0) {
            n += b >= 0xE3 && b < 0xF0 ? 2 : 1;
            if (i + 2 < len && b == 0xEF && (unsigned char)s[i + 1] == 0xBC)
                c += (unsigned char)s[i + 2] == 0x8C;
            else if (i + 2 < len && b == 0xE3 && (unsigned char)s[i + 1] == 0x80)
                c += (unsigned char)s[i + 2] == 0x81 || (unsigned char)s[i + 2] == 0x82;
            else if (i + 1 < len && b == 0xD8)
                c += (unsigned char)s[i + 1] == 0x8C;
        }
    }
    *chars += n;
    *commas += c;
}

static bool is_heading(enum html_tag tag)
{
    return tag >= TAG_H1 && tag <= TAG_H6;
}

static float prose_of(const struct html_tree *t, uint32_t node, const struct weight *k)
{
    if (k->own < SHORT || is_heading(t->nodes[node].tag) || t->nodes[node].tag == TAG_LABEL)
        return 0;
    float density = (float)k->own_links / (float)k->own;
    if (density > 0.5f)
        return 0;
    float commas = (float)k->commas, most = (float)k->own / 25; // a list of names is no prose
    float p = 1 + (commas < most ? commas : most) + (float)k->own / 100;
    if (k->own < 80 && k->commas == 0)
        p *= 0.5f;
    if (t->nodes[node].tag == TAG_LI || t->nodes[node].tag == TAG_TD ||
        t->nodes[node].tag == TAG_TH || t->nodes[node].tag == TAG_DD)
        p *= 0.6f;
    if (t->nodes[node].tag == TAG_PRE && p > 2)
        p = 2; // code goes with an article, it makes none
    return p * (1 - density) * (1 - density);
}

// Links to places in the page count as text: marks of notes, tables of contents.
static bool leads_away(const struct html_tree *t, uint32_t a)
{
    const char *href = html_attr(t, a, ATTR_HREF);
    return href && *href != '#';
}

static void lines_of(struct weights *w)
{
    const struct html_tree *t = w->t;
    struct weight *of = w->of;
    enum { IN_LINK = 1, IN_VOID = 2 };
    uint8_t *in = mem_array(t->nnodes, 1);
    for (uint32_t i = 1; i < t->nnodes; i++) {
        const struct hnode *n = &t->nodes[i];
        in[i] = in[n->parent];
        of[i].home = html_is_block((enum html_tag)n->tag) ? i : of[n->parent].home;
        if (n->tag == TAG_A && leads_away(t, i))
            in[i] |= IN_LINK;
        if (html_is_void((enum html_tag)n->tag) || n->tag == TAG_NOSCRIPT)
            in[i] |= IN_VOID;
        if (n->tag != TAG_TEXT || !n->n || (in[i] & IN_VOID))
            continue;
        struct weight *home = &of[of[i].home];
        uint32_t chars = 0;
        count(t->text.data + n->at, n->n, &chars, &home->commas);
        home->own += chars;
        of[i].chars = chars;
        if (in[i] & IN_LINK) {
            home->own_links += chars;
            of[i].links = chars;
        }
    }
    free(in);
    for (uint32_t i = (uint32_t)t->nnodes; i-- > 0;) {
        struct weight *k = &of[i];
        if (k->end < i + 1)
            k->end = i + 1;
        if (t->nodes[i].tag != TAG_TEXT && k->own)
            k->all += k->prose = prose_of(t, i, k);
        if (i == 0)
            break;
        struct weight *up = &of[t->nodes[i].parent];
        up->chars += k->chars;
        up->links += k->links;
        up->all += k->all;
        if (up->end < k->end)
            up->end = k->end;
    }
}

// ---- what stands around ----

static bool is_whole(enum html_tag tag)
{
    return tag == TAG_HTML || tag == TAG_BODY || tag == TAG_MAIN;
}

// Holds headings of the article's own parts: a line over a section, not over the page.
static bool heads_section(const struct html_tree *t, uint32_t node, uint32_t end)
{
    if (end > node + NEAR)
        end = node + NEAR;
    for (uint32_t i = node + 1; i < end; i++)
        if (t->nodes[i].tag == TAG_H1)
            return false;
        else if (t->nodes[i].tag > TAG_H1 && t->nodes[i].tag <= TAG_H6)
            return true;
    return false;
}

static uint8_t mark_of(const struct weights *w, uint32_t node)
{
    const struct html_tree *t = w->t;
    const struct hnode *n = &t->nodes[node];
    unsigned s = w->of[node].signs;
    if (n->tag == TAG_NAV || n->tag == TAG_MENU)
        return MARK_AROUND;
    if (is_whole((enum html_tag)n->tag))
        return 0;
    if (n->todo == DO_DROP)
        return s & SIGN_TALK ? w->thread ? 0 : MARK_AROUND | MARK_TALK : MARK_AROUND;
    if (!html_is_block((enum html_tag)n->tag) || is_heading((enum html_tag)n->tag) ||
        n->tag == TAG_PRE || n->tag == TAG_FIGCAPTION || n->tag == TAG_CAPTION)
        return 0;
    if (s & SIGN_KEEP)
        return 0;
    if (w->thread && (s & SIGN_THREAD))
        return 0;
    if (s & SIGN_TALK)
        return w->thread ? 0 : MARK_AROUND | MARK_TALK;
    if (n->todo == DO_PREVIEW || (s & SIGN_WALL))
        return w->of[node].all < 2 * LITTLE ? MARK_WALL | MARK_EDGE : 0;
    if (n->tag == TAG_ARTICLE && (s & SIGN_BODY) && !(s & SIGN_AROUND))
        return 0;
    if ((s & SIGN_AROUND) && n->tag != TAG_BLOCKQUOTE)
        return MARK_AROUND;
    if (w->thread && n->tag != TAG_FOOTER && n->tag != TAG_HEADER && (s & SIGN_EDGE) &&
        w->of[node].links * 2 < w->of[node].chars)
        return 0; // who says it, and when
    if (n->tag == TAG_FOOTER || n->tag == TAG_HEADER || (s & SIGN_EDGE)) {
        uint32_t up = n->parent;
        if (up != NO_NODE && t->nodes[up].tag == TAG_BLOCKQUOTE)
            return 0;
        return MARK_EDGE;
    }
    return 0;
}

// Heads, feet and their like are around where there is next to nothing in them.
static bool sets_aside(const struct weights *w, uint32_t i)
{
    const struct weight *k = &w->of[i];
    if (!(k->mark & MARK_AROUND) && (k->mark & MARK_EDGE)) {
        enum html_tag tag = (enum html_tag)w->t->nodes[i].tag;
        if (k->all > LITTLE * 1.5f && k->links * 3 < k->chars)
            return tag == TAG_FOOTER && k->all < 0.25f * w->of[0].all;
        return !(heads_section(w->t, i, k->end) && k->links * 3 < k->chars);
    }
    return k->mark & MARK_AROUND;
}

void weigh_again(struct weights *w)
{
    struct weight *of = w->of;
    for (uint32_t i = 0; i < w->t->nnodes; i++)
        of[i].good = of[i].prose;
    for (uint32_t i = (uint32_t)w->t->nnodes; i-- > 1;) {
        if (of[i].mark & (MARK_AROUND | MARK_GONE))
            of[i].good = 0;
        of[w->t->nodes[i].parent].good += of[i].good;
    }
}

// The outermost that is set aside and holds most.
static uint32_t largest(const struct weights *w, float *inside)
{
    uint32_t best = NO_NODE;
    *inside = 0;
    for (uint32_t i = 1; i < w->t->nnodes;) {
        const struct weight *k = &w->of[i];
        if (!(k->mark & (MARK_AROUND | MARK_GONE))) {
            i++;
            continue;
        }
        *inside += k->all;
        if ((k->mark & MARK_AROUND) && !(k->mark & MARK_GONE) &&
            (best == NO_NODE || k->all > w->of[best].all))
            best = i;
        i = k->end;
    }
    return best;
}

static bool is_hidden(const struct html_tree *t, uint32_t node)
{
    const char *style = html_attr(t, node, ATTR_STYLE);
    return html_attr(t, node, ATTR_HIDDEN) ||
           (style && (strstr(style, "display:none") || strstr(style, "display: none")));
}

// What stands under a heading like "12 Comments": its box, or what follows it there.
static void mark_talk(struct weights *w, uint32_t head)
{
    const struct html_tree *t = w->t;
    uint32_t from = head;
    for (int hops = 0; hops < 4; hops++) { // the box it is the first words of
        uint32_t up = t->nodes[from].parent, first = up + 1;
        while (first < head && !w->of[first].chars)
            first++;
        if (up == 0 || is_whole((enum html_tag)t->nodes[up].tag) ||
            (first < head && first != from && w->of[first].end <= head))
            break;
        from = up;
    }
    float before = 0;
    for (uint32_t i = 0; i < from; i++)
        before += w->of[i].prose;
    if (before < LITTLE) // of what, if nothing was said?
        return;
    for (uint32_t s = from; s != NO_NODE; s = from == head ? t->nodes[s].next : NO_NODE)
        if (t->nodes[s].tag != TAG_TEXT)
            w->of[s].mark |= MARK_AROUND | MARK_TALK;
}

static void talk_by_headings(struct weights *w)
{
    enum { HEADINGS = 200 };
    const struct html_tree *t = w->t;
    struct buf s = {0};
    int n = 0;
    for (uint32_t i = 1; i < t->nnodes && n < HEADINGS; i++) {
        const struct weight *k = &w->of[i];
        if (!is_heading((enum html_tag)t->nodes[i].tag) || !k->chars || k->chars > 50)
            continue;
        n++;
        buf_clear(&s);
        html_text_of(t, i, &s, 60);
        if (signs_talk_heading(buf_cstr(&s), s.len))
            mark_talk(w, i);
    }
    buf_free(&s);
}

void weigh(struct weights *w, struct html_tree *t, bool thread)
{
    w->t = t;
    w->thread = thread;
    w->of = mem_array(t->nnodes, sizeof *w->of);
    lines_of(w);
    for (uint32_t i = 1; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        struct weight *k = &w->of[i];
        if (n->tag == TAG_TEXT)
            continue;
        k->signs = (uint8_t)signs_of(t, i);
        k->mark = mark_of(w, i);
        if (sets_aside(w, i))
            k->mark |= MARK_AROUND;
        if ((k->signs & SIGN_BODY) && !(k->mark & MARK_AROUND))
            k->mark |= MARK_BODY;
        if (n->todo == DO_DROP && is_hidden(t, i))
            k->mark |= MARK_GONE;
    }
    if (!thread)
        talk_by_headings(w);
    for (int round = 0; round < ROUNDS; round++) {
        float inside, all = w->of[0].all;
        uint32_t wrap = largest(w, &inside);
        if (wrap == NO_NODE || w->of[wrap].all < LITTLE || w->of[wrap].all * 2 < all)
            break;
        float outside = all - inside;
        bool talk = w->of[wrap].mark & MARK_TALK;
        if (outside >= LITTLE && (talk || outside * 10 >= all))
            break;
        w->of[wrap].mark &= (uint8_t) ~(MARK_AROUND | MARK_TALK | MARK_EDGE);
    }
    weigh_again(w);
}

void weights_free(struct weights *w)
{
    free(w->of);
    w->of = NULL;
}
