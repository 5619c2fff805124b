// Where a picture really comes from. Pages hide it from those who do not scroll: in attributes of
// scripts ("data-src"), in a <noscript> beside a blank, in lists of sizes of which the largest that
// is no poster is taken. What is found becomes the picture's src.
#include "html_extract.h"

#include <stdlib.h>
#include <string.h>

enum { WIDEST = 2600 };

static void set_src(struct html_tree *t, uint32_t img, const char *value)
{
    struct hnode *n = &t->nodes[img];
    static const enum html_attr others[] = {ATTR_DATA_SRC, ATTR_DATA_LAZY, ATTR_DATA_ORIGINAL};
    bool set = false;
    for (uint32_t i = n->at; i < n->at + n->n; i++) {
        for (size_t k = 0; k < sizeof others / sizeof *others; k++)
            if (t->attrs[i].name == others[k])
                t->attrs[i].value = "";
        if (t->attrs[i].name == ATTR_SRC) {
            t->attrs[i].value = value;
            set = true;
        }
    }
    if (set)
        return;
    uint32_t at = (uint32_t)t->nattrs;
    t->attrs = mem_grow(t->attrs, &t->attrs_cap, t->nattrs + n->n + 1, sizeof *t->attrs);
    memcpy(t->attrs + at, t->attrs + n->at, n->n * sizeof *t->attrs);
    t->attrs[at + n->n] = (struct hattr){value, ATTR_SRC};
    t->nattrs += n->n + 1;
    n->at = at;
    n->n++;
}

// The widest of "a.jpg 320w, b.jpg 1600w" or "a.jpg, b.jpg 2x"; commas stand in addresses too, so
// that only one before a blank or the end parts two.
static char *widest(const char *set, struct arena *a, double *wide)
{
    const char *best = NULL;
    size_t best_len = 0;
    double most = -1;
    for (int n = 0; *set && n < 64; n++) {
        set += strspn(set, " \t\r\n,");
        size_t len = strcspn(set, " \t\r\n");
        const char *url = set;
        set += len;
        bool bare = len && url[len - 1] == ',';
        len -= bare;
        double w = 1;
        if (!bare) {
            set += strspn(set, " \t\r\n");
            char *end;
            double v = strtod(set, &end);
            if (end > set && (*end == 'w' || *end == 'x'))
                w = *end == 'x' ? v * 640 : v;
            set += strcspn(set, ",");
        }
        bool better =
            most < 0 || (w <= WIDEST && (w > most || most > WIDEST)) || (w < most && most > WIDEST);
        if (len && better && strncmp(url, "data:", 5) != 0) {
            best = url;
            best_len = len;
            most = w;
        }
    }
    *wide = most;
    return best ? arena_strndup(a, best, best_len) : NULL;
}

static const char *plain(const struct html_tree *t, uint32_t img)
{
    static const enum html_attr names[] = {ATTR_DATA_ORIG_FILE, ATTR_DATA_LARGE,    ATTR_DATA_SRC,
                                           ATTR_DATA_LAZY,      ATTR_DATA_ORIGINAL, ATTR_SRC};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *s = html_attr(t, img, names[i]);
        if (s && *s && strncmp(s, "data:", 5) != 0 && !strstr(s, "blank.gif") &&
            !strstr(s, "placeholder") && !strstr(s, "spacer.gif") && !strstr(s, "1x1."))
            return s;
    }
    return NULL;
}

static const char *from_sets(struct html_tree *t, uint32_t node)
{
    static const enum html_attr names[] = {ATTR_DATA_SRCSET, ATTR_DATA_LAZY_SET, ATTR_SRCSET};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *set = html_attr(t, node, names[i]);
        double wide = 0;
        char *url = set ? widest(set, t->arena, &wide) : NULL;
        if (url)
            return url;
    }
    return NULL;
}

static const char *best_of(struct html_tree *t, uint32_t img)
{
    const char *s = html_attr(t, img, ATTR_DATA_ORIG_FILE);
    if (s && *s)
        return s;
    s = from_sets(t, img);
    uint32_t up = t->nodes[img].parent;
    if (!s && up != NO_NODE && t->nodes[up].tag == TAG_PICTURE) {
        int n = 0;
        for (uint32_t k = t->nodes[up].first; k != NO_NODE && k != img && !s && n < 16;
             k = t->nodes[k].next, n++)
            if (t->nodes[k].tag == TAG_SOURCE)
                s = from_sets(t, k);
    }
    return s ? s : plain(t, img);
}

// The picture in a <noscript> next to one that shows nothing by itself.
static const char *behind(struct html_tree *t, uint32_t node, bool *only)
{
    uint32_t s = t->nodes[node].next;
    while (s != NO_NODE && t->nodes[s].tag == TAG_TEXT)
        s = t->nodes[s].next;
    *only = false;
    if (s == NO_NODE || t->nodes[s].tag != TAG_NOSCRIPT)
        return NULL;
    uint32_t img = html_find_near(t, s, TAG_IMG, (uint32_t)t->nnodes);
    if (img == NO_NODE)
        return NULL;
    t->nodes[s].flags |= NODE_SKIP;
    return best_of(t, img);
}

void pictures_mend(struct html_tree *t)
{
    for (uint32_t i = 1; i < t->nnodes; i++) {
        if (t->nodes[i].tag == TAG_NOSCRIPT && !(t->nodes[i].flags & NODE_SKIP)) {
            // "Please switch scripts on": only what shows a picture counts.
            uint32_t end = html_next(t, i, 0, false);
            if (html_find_near(t, i, TAG_IMG, end == NO_NODE ? (uint32_t)t->nnodes : end) ==
                NO_NODE)
                t->nodes[i].flags |= NODE_SKIP;
        }
        if (t->nodes[i].tag != TAG_IMG)
            continue;
        bool only;
        const char *src = best_of(t, i), *hidden = NULL;
        if (!src)
            hidden = behind(t, i, &only);
        if (!src && !hidden && t->nodes[t->nodes[i].parent].tag == TAG_PICTURE)
            hidden = behind(t, t->nodes[i].parent, &only);
        if (src || hidden)
            set_src(t, i, src ? src : hidden);
    }
}
