// What one element becomes in the document: notes, lists and their items, tables' rows and cells,
// links, formulas, buttons, the wall in front of the rest, Lectern's own cards.
#include "html_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// ---- notes ----

void reader_mark(struct html_reader *r, uint32_t node)
{
    uint32_t note = r->t->nodes[node].note;
    if (r->sticky == NO_NODE && !r->paragraph)
        reader_paragraph(r);
    r->breaks = 0;
    const char *label = r->found[note].label;
    doc_span_open(r->b, SPAN_NOTE_MARK, r->notes[note]);
    if (*label) {
        doc_text(r->b, label, strlen(label));
    } else {
        char number[16];
        snprintf(number, sizeof number, "%u", note + 1);
        doc_text(r->b, number, strlen(number));
    }
    doc_span_close(r->b, SPAN_NOTE_MARK);
}

// A note that stands where its mark is: the mark now, the text when the paragraph is done.
void reader_sidenote(struct html_reader *r, uint32_t node)
{
    const char *given = html_attr(r->t, node, ATTR_DATA_MFN);
    char label[32];
    snprintf(label, sizeof label, "%u", ++r->sidenotes);
    if (given && *given && strlen(given) < 8)
        snprintf(label, sizeof label, "%s", given);
    uint32_t note = doc_add_note(r->b, label);
    if (r->sticky == NO_NODE && !r->paragraph)
        reader_paragraph(r);
    doc_span_open(r->b, SPAN_NOTE_MARK, note);
    doc_text(r->b, label, strlen(label));
    doc_span_close(r->b, SPAN_NOTE_MARK);
    r->side = mem_grow(r->side, &r->side_cap, r->nside + 1, sizeof *r->side);
    r->side[r->nside++] = (struct side_ctx){node, note};
}

void reader_flush_side(struct html_reader *r)
{
    if (!r->nside || r->sticky != NO_NODE || r->in_note)
        return;
    struct side_ctx *side = r->side;
    size_t n = r->nside;
    r->side = NULL;
    r->nside = r->side_cap = 0;
    size_t links = r->nlinks;
    r->nlinks = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t at = doc_open(r->b, BLOCK_NOTE);
        doc_builder_block(r->b, at)->ref = side[i].note;
        r->in_note++;
        r->t->nodes[side[i].node].todo = DO_NOTHING;
        reader_walk(r, side[i].node);
        if (r->paragraph)
            reader_end_paragraph(r);
        r->in_note--;
        doc_close(r->b);
    }
    r->nlinks = links;
    free(side);
}

// ---- elements ----

static int number_of(const char *s, int otherwise)
{
    if (!s)
        return otherwise;
    char *end;
    long v = strtol(s, &end, 10);
    return end == s || v < -1000000000 || v > 1000000000 ? otherwise : (int)v;
}

uint32_t html_count(const struct html_tree *t, uint32_t node, enum html_tag tag)
{
    uint32_t n = 0;
    for (uint32_t i = t->nodes[node].first; i != NO_NODE; i = t->nodes[i].next)
        n += t->nodes[i].tag == tag;
    return n;
}

void reader_container(struct html_reader *r, uint32_t node, enum block_kind kind, uint32_t *block)
{
    reader_block(r);
    uint32_t at = doc_open(r->b, kind);
    if (block)
        *block = at;
    reader_rtl(r, at);
    r->t->nodes[node].opened |= OPEN_BLOCK;
}

// A list whose items are footnotes is not one of the text.
bool html_holds_notes(const struct html_tree *t, uint32_t node)
{
    for (uint32_t i = t->nodes[node].first; i != NO_NODE; i = t->nodes[i].next)
        if (t->nodes[i].tag == TAG_LI)
            return t->nodes[i].flags & NODE_NOTE;
    return false;
}

void reader_list(struct html_reader *r, uint32_t node, bool ordered)
{
    const struct html_tree *t = r->t;
    uint32_t at;
    reader_container(r, node, BLOCK_LIST, &at);
    struct doc_block *k = doc_builder_block(r->b, at);
    struct list_ctx ctx = {1, 1};
    if (ordered) {
        const char *type = html_attr(t, node, ATTR_TYPE);
        k->flags |= BLOCK_ORDERED;
        if (html_attr(t, node, ATTR_REVERSED)) {
            k->flags |= BLOCK_REVERSED;
            ctx = (struct list_ctx){(int32_t)html_count(t, node, TAG_LI), -1};
        }
        ctx.next = number_of(html_attr(t, node, ATTR_START), ctx.next);
        k->number = ctx.next;
        switch (type ? *type : '1') {
        case 'a':
            k->align = LIST_LOWER_ALPHA;
            break;
        case 'A':
            k->align = LIST_UPPER_ALPHA;
            break;
        case 'i':
            k->align = LIST_LOWER_ROMAN;
            break;
        case 'I':
            k->align = LIST_UPPER_ROMAN;
            break;
        default:
            break;
        }
    } else {
        ctx.step = 0;
        ctx.next = 0;
    }
    if (html_attr(t, node, ATTR_DATA_LOOSE))
        k->flags |= BLOCK_LOOSE;
    r->lists = mem_grow(r->lists, &r->lists_cap, r->nlists + 1, sizeof *r->lists);
    r->lists[r->nlists++] = ctx;
    r->t->nodes[node].opened |= OPEN_LIST;
}

// discount writes the box as a character before the text.
static void strip_box(struct html_reader *r, uint32_t node, uint32_t item)
{
    struct html_tree *t = r->t;
    for (uint32_t i = node; i != NO_NODE; i = html_next(t, i, node, true)) {
        struct hnode *n = &t->nodes[i];
        if (n->tag != TAG_TEXT || html_blank(t->text.data + n->at, n->n))
            continue;
        const char *s = t->text.data + n->at;
        uint32_t k = 0;
        while (k < n->n && strchr(" \n", s[k]))
            k++;
        bool box = n->n - k >= 3 && (memcmp(s + k, "☐", 3) == 0 || memcmp(s + k, "☑", 3) == 0);
        if (box && memcmp(s + k, "☑", 3) == 0)
            doc_builder_block(r->b, item)->flags |= BLOCK_CHECKED;
        n->at += box ? k + 3 : 0;
        n->n -= box ? k + 3 : 0;
        return;
    }
}

void reader_item(struct html_reader *r, uint32_t node)
{
    uint32_t at;
    reader_container(r, node, BLOCK_ITEM, &at);
    struct list_ctx *list = r->nlists ? &r->lists[r->nlists - 1] : NULL;
    if (list && list->step) {
        int32_t n = number_of(html_attr(r->t, node, ATTR_VALUE), list->next);
        doc_builder_block(r->b, at)->number = n;
        list->next = n + list->step;
    }
    const char *c = html_attr(r->t, node, ATTR_CLASS);
    if (c && (strstr(c, "task-list-item") || strstr(c, "github_checkbox")))
        doc_builder_block(r->b, at)->flags |= BLOCK_TASK;
    if (c && strstr(c, "github_checkbox"))
        strip_box(r, node, at);
    r->items = mem_grow(r->items, &r->items_cap, r->nitems + 1, sizeof *r->items);
    r->items[r->nitems++].block = at;
}

void reader_bullet(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    uint32_t up = t->nodes[node].parent;
    if (up == NO_NODE || t->nodes[up].tag != TAG_OL) {
        reader_say(r, "• ");
        return;
    }
    int n = number_of(html_attr(t, up, ATTR_START), 1);
    for (uint32_t i = t->nodes[up].first; i != node && i != NO_NODE; i = t->nodes[i].next)
        n += t->nodes[i].tag == TAG_LI && n < 1000000;
    char number[16];
    snprintf(number, sizeof number, "%d. ", number_of(html_attr(t, node, ATTR_VALUE), n));
    reader_say(r, number);
}

void reader_expand(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    const char *title = html_attr(t, node, ATTR_TITLE);
    if (!title || html_blank(title, strlen(title)) || strlen(title) > 200 ||
        (r->sticky != NO_NODE && r->sticky_kind == BLOCK_HEADING) || r->nexpanded == EXPAND_MAX)
        return;
    for (size_t i = 0; i < r->nexpanded; i++)
        if (strcmp(r->expanded[i], title) == 0)
            return;
    r->expanded[r->nexpanded++] = title;
    // The author may have said it, before or behind.
    if (memmem(buf_cstr(&t->text), t->text.len, title, strlen(title)))
        return;
    reader_say(r, " (");
    reader_say(r, title);
    reader_say(r, ")");
}

static bool is_dash(const char *s, size_t n)
{
    return n >= 3 && (memcmp(s, "—", 3) == 0 || memcmp(s, "–", 3) == 0 || memcmp(s, "―", 3) == 0 ||
                      memcmp(s, "-- ", 3) == 0);
}

// A paragraph that says who a quotation is by: the last of several, and it starts with a dash.
bool html_is_attribution(const struct html_tree *t, uint32_t node)
{
    uint32_t up = t->nodes[node].parent;
    if (up == NO_NODE || t->nodes[up].tag != TAG_BLOCKQUOTE)
        return false;
    for (uint32_t i = t->nodes[node].next; i != NO_NODE; i = t->nodes[i].next)
        if (t->nodes[i].tag != TAG_TEXT ||
            !html_blank(t->text.data + t->nodes[i].at, t->nodes[i].n))
            return false;
    uint32_t first = t->nodes[up].first;
    while (first != NO_NODE && t->nodes[first].tag == TAG_TEXT)
        first = t->nodes[first].next;
    if (first == node)
        return false;
    for (uint32_t i = node; i != NO_NODE; i = html_next(t, i, node, true))
        if (t->nodes[i].tag == TAG_TEXT &&
            !html_blank(t->text.data + t->nodes[i].at, t->nodes[i].n)) {
            const char *s = t->text.data + t->nodes[i].at;
            size_t n = t->nodes[i].n;
            while (n && strchr(" \n\t\r", *s)) {
                s++;
                n--;
            }
            return is_dash(s, n);
        }
    return false;
}

void reader_row(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    uint32_t at, up = t->nodes[node].parent;
    reader_container(r, node, BLOCK_ROW, &at);
    bool head = up != NO_NODE && t->nodes[up].tag == TAG_THEAD;
    if (!head)
        head = html_count(t, node, TAG_TH) > 1 && html_count(t, node, TAG_TD) == 0;
    if (head)
        doc_builder_block(r->b, at)->flags |= BLOCK_HEADER;
}

void reader_cell(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    uint32_t at;
    reader_sticky(r, node, BLOCK_CELL, &at);
    r->t->nodes[node].opened |= OPEN_STICKY;
    struct doc_block *k = doc_builder_block(r->b, at);
    if (t->nodes[node].tag == TAG_TH)
        k->flags |= BLOCK_HEADER;
    int cols = number_of(html_attr(t, node, ATTR_COLSPAN), 1),
        rows = number_of(html_attr(t, node, ATTR_ROWSPAN), 1);
    k->colspan = (uint16_t)(cols < 1 ? 1 : cols > 1000 ? 1000 : cols);
    k->rowspan = (uint16_t)(rows < 1 ? 1 : rows > 1000 ? 1000 : rows);
    const char *align = html_attr(t, node, ATTR_ALIGN), *style = html_attr(t, node, ATTR_STYLE);
    const char *s = style ? strstr(style, "text-align") : NULL;
    if (s) {
        s += 10;
        s += strspn(s, ": ");
        align = s;
    }
    if (align)
        k->align = strncasecmp(align, "right", 5) == 0 || strncasecmp(align, "end", 3) == 0
                       ? ALIGN_RIGHT
                   : strncasecmp(align, "center", 6) == 0 ? ALIGN_CENTRE
                   : strncasecmp(align, "left", 4) == 0   ? ALIGN_LEFT
                                                          : ALIGN_NONE;
}

void reader_anchor(struct html_reader *r, uint32_t node)
{
    const char *href = html_attr(r->t, node, ATTR_HREF);
    struct link_ctx ctx = {NULL, false};
    if (href && link_clean(&r->url, href, r->base)) {
        ctx.url = href;
        ctx.open = true;
        doc_span_open(r->b, SPAN_LINK,
                      doc_add_link(r->b, r->url.data, html_attr(r->t, node, ATTR_TITLE)));
    }
    r->links = mem_grow(r->links, &r->links_cap, r->nlinks + 1, sizeof *r->links);
    r->links[r->nlinks++] = ctx;
    r->t->nodes[node].opened |= OPEN_LINK;
}

bool reader_ends_block(const struct html_tree *t, uint32_t node)
{
    for (; node != NO_NODE && node != 0 && !html_is_block(t->nodes[node].tag);
         node = t->nodes[node].parent)
        for (uint32_t i = t->nodes[node].next; i != NO_NODE; i = t->nodes[i].next)
            if (t->nodes[i].tag == TAG_IMG ||
                (t->nodes[i].tag == TAG_TEXT &&
                 !html_blank(t->text.data + t->nodes[i].at, t->nodes[i].n)) ||
                (t->nodes[i].first != NO_NODE && !(t->nodes[i].flags & NODE_SKIP)))
                return false;
    return true;
}

bool reader_is_cut(const char *s, size_t len)
{
    static const char *const ends[] = {"…", "...", "[…]", "[...]", "(…)"};
    while (len && s[len - 1] == ' ')
        len--;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (len >= n && memcmp(s + len - n, ends[i], n) == 0)
            return true;
    }
    return false;
}

bool reader_more(struct html_reader *r, uint32_t node)
{
    static const char *const classes[] = {"more-link", "read-more", "readmore", "read_more"};
    const char *href = html_attr(r->t, node, ATTR_HREF);
    if (r->sticky != NO_NODE || !r->paragraph || r->in_note || !href)
        return false;
    size_t len;
    const char *s = doc_builder_text(r->b, &len);
    bool cut = reader_is_cut(s, len);
    for (size_t i = 0; i < sizeof classes / sizeof *classes && !cut; i++)
        cut = html_has_class(r->t, node, classes[i]);
    if (!cut || !reader_ends_block(r->t, node))
        return false;
    buf_clear(&r->scratch);
    html_text_of(r->t, node, &r->scratch, 100);
    if (!rules_more_text(buf_cstr(&r->scratch), r->scratch.len))
        return false;
    r->more_text = mem_strdup(r->scratch.data);
    r->more_url = link_clean(&r->url, href, r->base) ? mem_strdup(r->url.data) : NULL;
    return true;
}

bool reader_math(struct html_reader *r, uint32_t node)
{
    const char *source = html_attr(r->t, node, ATTR_ALTTEXT);
    struct buf s = {0};
    uint32_t tex = source ? NO_NODE : html_find(r->t, node, TAG_ANNOTATION);
    if (tex != NO_NODE)
        html_text_of(r->t, tex, &s, 4096);
    if (s.len)
        source = s.data;
    bool found = source && *source; // asked before the words go
    if (found) {
        if (r->sticky == NO_NODE && !r->paragraph)
            reader_paragraph(r);
        doc_span_open(r->b, SPAN_MATH, DOC_NONE);
        doc_text(r->b, source, strlen(source));
        doc_span_close(r->b, SPAN_MATH);
    }
    buf_free(&s);
    return found;
}

// Leads away from the newsletter's own house and the platform's.
static bool leads_out(const struct html_reader *r, const char *url)
{
    static const char platform[] = "substack.com";
    size_t n, own = 0, p = sizeof platform - 1;
    const char *host = link_host(url, &n), *base = r->base ? link_host(r->base, &own) : NULL;
    if (base && n == own && strncasecmp(host, base, n) == 0)
        return false;
    return n < p || strncasecmp(host + n - p, platform, p) != 0 ||
           (n > p && host[n - p - 1] != '.');
}

// Buttons that subscribe, share or open the comments are the platform's; what else leads somewhere
// is the author's, whatever its words.
void reader_button(struct html_reader *r, uint32_t node, bool *into)
{
    uint32_t a = r->t->nodes[node].tag == TAG_A ? node : html_find(r->t, node, TAG_A);
    const char *href = a == NO_NODE ? NULL : html_attr(r->t, a, ATTR_HREF);
    for (uint32_t i = a; i != NO_NODE && href; i = html_next(r->t, i, node, true))
        if (i != a && r->t->nodes[i].tag == TAG_A)
            href = NULL; // several: each is asked for itself
    buf_clear(&r->scratch);
    html_text_of(r->t, node, &r->scratch, 200);
    bool platform = rules_button_text(buf_cstr(&r->scratch), r->scratch.len);
    *into = r->scratch.len > 0;
    if (href && rules_button_address(href, strlen(href)))
        *into = false;
    else if (platform)
        *into = href && link_clean(&r->url, href, r->base) && r->url.data[0] != '#' &&
                leads_out(r, r->url.data);
    if (*into) {
        reader_boundary(r);
        r->t->nodes[node].opened |= OPEN_BOUNDARY;
    }
}

void reader_preview(struct html_reader *r)
{
    struct doc *d = doc_builder_doc(r->b);
    reader_boundary(r);
    if (d->preview)
        return;
    d->preview = true;
    r->rule_due = false;
    char *text = r->more_text, *more = r->more_url; // "Read more": the notice stands for it
    r->more_text = r->more_url = NULL;
    reader_before(r);
    const char *url = more ? more : d->url ? d->url : r->src ? r->src->url : NULL;
    doc_open(r->b, BLOCK_NOTICE);
    if (url && link_clean(&r->scratch, url, r->base) && r->scratch.data[0] != '#') {
        static const char before[] =
            "This is only the beginning of the essay. The whole of it is at ";
        doc_text(r->b, before, sizeof before - 1);
        reader_link(r, r->scratch.data, r->scratch.data);
    } else {
        static const char alone[] =
            "This is only the beginning of the essay. The rest is for subscribers.";
        doc_text(r->b, alone, sizeof alone - 1);
    }
    doc_close(r->b);
    free(text);
    free(more);
}

// A card that Lectern wrote itself.
void reader_own_card(struct html_reader *r, uint32_t node)
{
    static const char *const kinds[] = {"image", "audio", "video", "embed", "post", "file"};
    const char *kind = html_attr(r->t, node, ATTR_DATA_CARD),
               *url = html_attr(r->t, node, ATTR_DATA_URL),
               *seconds = html_attr(r->t, node, ATTR_DATA_SECONDS);
    uint32_t at;
    reader_sticky(r, node, BLOCK_CARD, &at);
    r->t->nodes[node].opened |= OPEN_STICKY;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i]) != 0)
            continue;
        struct doc_media m = {.kind = (enum media_kind)i,
                              .title = html_attr(r->t, node, ATTR_DATA_TITLE)};
        m.url = url && link_clean(&r->scratch, url, r->base) ? r->scratch.data : NULL;
        double s = seconds ? strtod(seconds, NULL) : 0;
        m.seconds = s > 0 && s < 1e7 ? s : 0;
        uint32_t media = doc_add_media(r->b, &m);
        doc_builder_block(r->b, at)->ref = media;
    }
}

bool reader_in_quote(const struct html_reader *r)
{
    enum block_kind k = doc_builder_kind(r->b);
    return k == BLOCK_QUOTE || k == BLOCK_PULLQUOTE;
}

// What a rule says. True: that is all, the element is done with or opened; *into: go on with what
