// Where in a page the article is. What names it is asked first: the reader's selector or the
// site's, schema.org's articleBody, the names that platforms give it. Else every block's prose is
// given to what it stands in, less of it the further up, and the element with most is taken. From
// there the way leads up as long as what stands beside is article too: a text parted by an
// advertisement, messages of a thread, entries of a live page.
#include "html_extract.h"

#include <stdlib.h>
#include <string.h>

enum { LITTLE = 6, UP = 12, LEVELS = 3 };

static bool passes_through(enum html_tag tag)
{
    switch (tag) {
    case TAG_P:
    case TAG_LI:
    case TAG_UL:
    case TAG_OL:
    case TAG_DL:
    case TAG_DT:
    case TAG_DD:
    case TAG_BLOCKQUOTE:
    case TAG_PRE:
    case TAG_TR:
    case TAG_TBODY:
    case TAG_TABLE:
    case TAG_FIGURE:
    case TAG_FIGCAPTION:
    case TAG_CENTER:
    case TAG_ADDRESS:
    case TAG_HGROUP:
        return true;
    default:
        return tag >= TAG_H1 && tag <= TAG_H6;
    }
}

static float favour(const struct weights *w, uint32_t node)
{
    const struct html_tree *t = w->t;
    unsigned s = w->of[node].signs;
    float f = 1;
    if (t->nodes[node].tag == TAG_ARTICLE)
        f *= 1.3f;
    else if (t->nodes[node].tag == TAG_MAIN)
        f *= 1.1f;
    else if (t->nodes[node].tag == TAG_ASIDE || t->nodes[node].tag == TAG_BLOCKQUOTE)
        f *= 0.6f;
    if (s & SIGN_BODY)
        f *= 1.25f;
    if (s & (SIGN_AROUND | SIGN_TALK | SIGN_EDGE))
        f *= 0.7f;
    const struct weight *k = &w->of[node];
    if (k->chars)
        f *= 1 - 0.7f * (float)k->links / (float)k->chars;
    return f;
}

static bool *set_aside(const struct weights *w)
{
    bool *out = mem_array(w->t->nnodes, sizeof *out);
    for (uint32_t i = 1; i < w->t->nnodes; i++)
        out[i] = out[w->t->nodes[i].parent] || (w->of[i].mark & (MARK_AROUND | MARK_GONE));
    return out;
}

static uint32_t by_prose(const struct weights *w, const bool *aside)
{
    const struct html_tree *t = w->t;
    float *score = mem_array(t->nnodes, sizeof *score);
    for (uint32_t i = 1; i < t->nnodes; i++) {
        float p = w->of[i].prose;
        if (p <= 0 || aside[i])
            continue;
        uint32_t up = i;
        for (int level = 0; level < LEVELS && up != NO_NODE; level++) {
            // Bounded, however deep lists stand in lists.
            for (int n = 0; n < UP && up != 0 && passes_through((enum html_tag)t->nodes[up].tag);
                 n++)
                up = t->nodes[up].parent;
            score[up] += p / (float)(level == 0 ? 1 : level * 2);
            up = t->nodes[up].parent;
        }
    }
    uint32_t best = 0;
    float most = 0;
    for (uint32_t i = 0; i < t->nnodes; i++)
        if (score[i] > 0 && score[i] * favour(w, i) > most) {
            most = score[i] * favour(w, i);
            best = i;
        }
    free(score);
    return best;
}

// ---- by name ----

// All that hold: the one that has most, or what is above several of which each has much.
static uint32_t together(const struct weights *w, const uint32_t *found, size_t n)
{
    const struct html_tree *t = w->t;
    uint32_t best = NO_NODE;
    float all = 0;
    for (size_t i = 0; i < n; i++) {
        all += w->of[found[i]].good;
        if (best == NO_NODE || w->of[found[i]].good > w->of[best].good)
            best = found[i];
    }
    if (n < 2 || best == NO_NODE || w->of[best].good > 0.7f * all)
        return best;
    uint32_t up = best;
    for (int hops = 0; hops < UP && up != 0; hops++) {
        up = t->nodes[up].parent;
        if (w->of[up].good >= 0.95f * all)
            return up;
    }
    return best;
}

static uint32_t named(const struct weights *w,
                      bool (*holds)(const void *, const struct html_tree *, uint32_t),
                      const void *what, const bool *aside)
{
    enum { MOST = 256 };
    uint32_t found[MOST];
    size_t n = 0;
    for (uint32_t i = 1; i < w->t->nnodes && n < MOST;)
        if (w->t->nodes[i].tag != TAG_TEXT && !(aside && aside[i]) && holds(what, w->t, i)) {
            found[n++] = i;
            i = w->of[i].end; // what is inside is its own
        } else {
            i++;
        }
    return together(w, found, n);
}

static bool selector_holds(const void *x, const struct html_tree *t, uint32_t node)
{
    return html_selector_holds(x, t, node);
}

static bool step_holds(const void *x, const struct html_tree *t, uint32_t node)
{
    return html_step_holds(x, t, node);
}

static bool
is_part(const char *root) // of the list: what says no more than that there is an article
{
    return strcmp(root, "article") == 0;
}

static uint32_t by_names(const struct weights *w, const bool *aside, float enough)
{
    for (size_t i = 0; rules_roots[i] && !is_part(rules_roots[i]); i++) {
        struct html_step x = html_step_parse(rules_roots[i], NULL);
        uint32_t node = named(w, step_holds, &x, aside);
        if (node != NO_NODE && w->of[node].good >= enough && w->of[node].good >= LITTLE)
            return node;
    }
    return NO_NODE;
}

// Where the words are with which the article begins, as the page's data has them.
static uint32_t by_words(const struct weights *w, const char *text, const bool *aside)
{
    enum { WORDS = 48 };
    if (!text)
        return NO_NODE;
    text += strspn(text, " \t\r\n");
    size_t n = strlen(text) < WORDS ? strlen(text) : WORDS;
    if (n < WORDS || memchr(text, '<', n) || memchr(text, '&', n))
        return NO_NODE;
    for (uint32_t i = 1; i < w->t->nnodes; i++) {
        const struct hnode *k = &w->t->nodes[i];
        if (k->tag == TAG_TEXT && !aside[i] && k->n >= n &&
            memmem(w->t->text.data + k->at, k->n < 200 ? k->n : 200, text, n))
            return w->of[i].home;
    }
    return NO_NODE;
}

static bool below(const struct weights *w, uint32_t node, uint32_t top)
{
    return node >= top && node < w->of[top].end;
}

// ---- up ----

// An article of its own that only stands near: a title that leads to a page of it.
static bool stands_alone(const struct html_tree *t, uint32_t node, uint32_t end)
{
    uint32_t stop = end - node > 400 ? node + 400 : end;
    for (uint32_t i = node + 1; i < stop; i++) {
        enum html_tag tag = (enum html_tag)t->nodes[i].tag;
        if (tag == TAG_H1)
            return true;
        if (tag != TAG_H2 && tag != TAG_H3)
            continue;
        uint32_t a = html_find_near(t, i, TAG_A, end);
        if (a != NO_NODE && t->nodes[a].parent != i && t->nodes[t->nodes[a].parent].parent != i)
            a = NO_NODE;
        if (a == NO_NODE && t->nodes[t->nodes[i].parent].tag == TAG_A)
            a = t->nodes[i].parent;
        const char *href = a == NO_NODE ? NULL : html_attr(t, a, ATTR_HREF);
        if (href && *href != '#')
            return true;
    }
    return false;
}

static bool same_kind(const struct html_tree *t, uint32_t a, uint32_t b)
{
    const char *x = html_attr(t, a, ATTR_CLASS), *y = html_attr(t, b, ATTR_CLASS);
    return t->nodes[a].tag == t->nodes[b].tag && x && y && *x &&
           strncmp(x, y, strcspn(x, " ")) == 0;
}

static bool joins(const struct weights *w, uint32_t node, uint32_t top, bool many)
{
    const struct html_tree *t = w->t;
    const struct weight *k = &w->of[node];
    if (t->nodes[node].tag == TAG_TEXT || (k->mark & (MARK_AROUND | MARK_GONE)) || k->good <= 0)
        return false;
    if (many && same_kind(t, node, top))
        return true;
    if (stands_alone(t, node, k->end))
        return false;
    if (t->nodes[node].tag == TAG_P || t->nodes[node].tag == TAG_BLOCKQUOTE)
        return k->good >= 1.5f;
    if (same_kind(t, node, top))
        return k->good >= 2;
    float least = 0.05f * w->of[top].good;
    return k->good >= (least > 5 ? least : 5) && k->links * 3 < k->chars;
}

static bool stays_beside(enum html_tag tag)
{
    return tag == TAG_TEXT || !html_is_block(tag) || (tag >= TAG_H2 && tag <= TAG_H6) ||
           tag == TAG_FIGURE || tag == TAG_HR || tag == TAG_PRE || tag == TAG_TABLE ||
           tag == TAG_UL || tag == TAG_OL || tag == TAG_P || tag == TAG_BLOCKQUOTE;
}

// What is beside `top`, or beside what only wraps it, and belongs to it is kept by taking the
// element around both and leaving the others out.
static uint32_t climb(struct weights *w, struct html_tree *t, uint32_t top, bool many)
{
    bool moved = false;
    for (int hops = 0; hops < UP && top != 0; hops++) {
        uint32_t child = top, up = NO_NODE;
        for (int wraps = 0; wraps < UP; wraps++) {
            enum html_tag tag = (enum html_tag)t->nodes[child].tag;
            up = t->nodes[child].parent;
            if (up == NO_NODE || tag == TAG_BODY || tag == TAG_MAIN ||
                (tag == TAG_ARTICLE && !many))
                return top;
            if (w->of[up].good > w->of[top].good * 1.02f)
                break;
            child = up;
        }
        float gain = 0;
        for (uint32_t s = t->nodes[up].first; s != NO_NODE; s = t->nodes[s].next)
            if (s != child && joins(w, s, child, many))
                gain += w->of[s].good;
        bool near = child == top && !moved;
        if (gain <= (near ? 0 : 0.1f * w->of[top].good))
            return top;
        for (uint32_t s = t->nodes[up].first; s != NO_NODE; s = t->nodes[s].next)
            if (s != child && !stays_beside((enum html_tag)t->nodes[s].tag) &&
                !joins(w, s, child, many))
                w->of[s].mark |= MARK_AROUND | MARK_LEFT;
        top = up;
        moved = true;
        weigh_again(w);
    }
    return top;
}

// Messages under one another: down from the whole as long as one element has nearly all of it.
static uint32_t container(const struct weights *w)
{
    uint32_t node = 0;
    for (;;) {
        uint32_t most = NO_NODE;
        for (uint32_t s = w->t->nodes[node].first; s != NO_NODE; s = w->t->nodes[s].next)
            if (w->t->nodes[s].tag != TAG_TEXT &&
                (most == NO_NODE || w->of[s].good > w->of[most].good))
                most = s;
        if (most == NO_NODE || w->of[most].good < 0.85f * w->of[node].good ||
            passes_through((enum html_tag)w->t->nodes[most].tag))
            return node;
        node = most;
    }
}

// What the page calls its article or its main part, around a node; without one, the only one there
// is.
static uint32_t whole_of(const struct weights *w, uint32_t top)
{
    const struct html_tree *t = w->t;
    uint32_t only = NO_NODE;
    int n = 0;
    for (uint32_t up = top; up != NO_NODE && up != 0; up = t->nodes[up].parent) {
        const char *role = html_attr(t, up, ATTR_ROLE);
        if (t->nodes[up].tag == TAG_ARTICLE || t->nodes[up].tag == TAG_MAIN ||
            (role && strcmp(role, "main") == 0))
            return up;
    }
    for (uint32_t i = 1; i < t->nnodes && top == 0; i++)
        if (t->nodes[i].tag == TAG_MAIN || t->nodes[i].tag == TAG_ARTICLE) {
            n++;
            if (only == NO_NODE || w->of[i].chars > w->of[only].chars)
                only = i;
        }
    return n && n < 4 ? only : NO_NODE;
}

bool pick_article(struct weights *w, struct html_tree *t, const struct html_selector *keep,
                  const struct page_data *d, struct pick *out)
{
    *out = (struct pick){.top = 0};
    if (keep) {
        uint32_t node = named(w, selector_holds, keep, NULL);
        if (node != NO_NODE && w->of[node].chars > 0) {
            for (uint32_t up = node; up != NO_NODE; up = t->nodes[up].parent)
                w->of[up].mark &= (uint8_t) ~(MARK_AROUND | MARK_GONE);
            weigh_again(w);
            *out = (struct pick){node, true};
            return true;
        }
    }
    bool *aside = set_aside(w);
    bool many = w->thread || d->live;
    uint32_t top = many ? container(w) : by_prose(w, aside);
    uint32_t name = by_names(w, aside, (many ? 0.9f : 0.5f) * w->of[top].good);
    uint32_t begins = many ? NO_NODE : by_words(w, d->text, aside);
    if (name != NO_NODE && !(below(w, top, name) == false && below(w, name, top) &&
                             w->of[name].good < 0.8f * w->of[top].good)) {
        *out = (struct pick){name, true};
    } else {
        if (begins != NO_NODE && !below(w, begins, top)) {
            // The data knows better: up from there, as far as it is mostly this.
            uint32_t up = begins;
            while (up != 0 && w->of[t->nodes[up].parent].good < 0.8f * w->of[0].good &&
                   w->of[up].good < LITTLE)
                up = t->nodes[up].parent;
            if (w->of[up].good >= LITTLE)
                top = up;
        }
        out->top = top;
    }
    free(aside);
    uint32_t whole = whole_of(w, w->of[out->top].good >= LITTLE / 2 ? out->top : 0);
    float in_whole = whole == NO_NODE ? 0 : w->of[whole].good;
    out->top = climb(w, t, out->top, many);
    if (whole != NO_NODE && !out->named && w->of[whole].links * 2 < w->of[whole].chars) {
        // Text in many small places, or little of it, and a name for what is around it all.
        float good = w->of[out->top].good;
        bool scattered = good < 0.5f * in_whole;
        bool short_one = good < LITTLE && w->of[whole].chars >= 80 && in_whole > 0.5f;
        if (scattered || short_one) {
            for (uint32_t i = 0; i < t->nnodes; i++)
                if (w->of[i].mark & MARK_LEFT)
                    w->of[i].mark &= (uint8_t) ~(MARK_LEFT | MARK_AROUND);
            weigh_again(w);
            out->top = whole;
            return true;
        }
    }
    const struct weight *k = &w->of[out->top];
    return k->good >= LITTLE || (k->good >= 2 && d->article);
}
