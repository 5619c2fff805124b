// The walk through the tree, without recursion: on the way into an element blocks and spans are
// opened, on the way out they are closed. A rule about the element (rules.c) goes first; where none
// is, its name says what it is.
#include "html_reader.h"

#include <string.h>
#include <strings.h>

static bool on_rule(struct html_reader *r, uint32_t node, enum rule_do what, bool *into)
{
    struct hnode *n = &r->t->nodes[node];
    *into = true;
    switch (what) {
    case DO_DROP:
        *into = false;
        return true;
    case DO_QUOTE:
    case DO_PULLQUOTE:
        if (r->sticky != NO_NODE || (reader_in_quote(r) && n->tag != TAG_BLOCKQUOTE))
            return false;
        reader_container(r, node, what == DO_QUOTE ? BLOCK_QUOTE : BLOCK_PULLQUOTE, NULL);
        return true;
    case DO_ASIDE:
        if (r->sticky != NO_NODE)
            return false;
        reader_container(r, node, BLOCK_ASIDE, NULL);
        return true;
    case DO_FIGURE:
        reader_boundary(r);
        r->figures = mem_grow(r->figures, &r->figures_cap, r->nfigures + 1, sizeof *r->figures);
        r->figures[r->nfigures++] = (struct figure_ctx){node, DOC_NONE};
        n->opened |= OPEN_FIGURE | OPEN_BOUNDARY;
        return true;
    case DO_CAPTION:
        if (r->sticky != NO_NODE)
            return false;
        reader_boundary(r);
        if (reader_in_quote(r) && !(r->nfigures && r->figures[r->nfigures - 1].media != DOC_NONE)) {
            reader_sticky(r, node, BLOCK_ATTRIBUTION, NULL);
            r->strip_dash = true;
            n->opened |= OPEN_STICKY;
            return true;
        }
        reader_caption(r, node);
        return true;
    case DO_ATTRIBUTION:
        if (r->sticky != NO_NODE || !reader_in_quote(r)) {
            if (r->paragraph && r->sticky == NO_NODE)
                reader_boundary(r);
            if (r->sticky != NO_NODE || !reader_in_quote(r))
                return false;
        }
        reader_sticky(r, node, BLOCK_ATTRIBUTION, NULL);
        r->strip_dash = true;
        n->opened |= OPEN_STICKY;
        return true;
    case DO_VERSE:
        if (r->sticky != NO_NODE)
            return false;
        reader_verse(r, node);
        return true;
    case DO_NOTE:
        reader_sidenote(r, node);
        *into = false;
        return true;
    case DO_LEAD:
        if (r->sticky != NO_NODE)
            return false;
        reader_boundary(r);
        buf_clear(&r->lead);
        html_text_of(r->t, node, &r->lead, 32);
        *into = false;
        return true;
    case DO_BUTTON:
        if (n->tag == TAG_A && (r->paragraph || !reader_ends_block(r->t, node)))
            return false; // a link in a sentence
        reader_button(r, node, into);
        return !*into; // as what it is: a paragraph, a link
    case DO_PREVIEW:
        reader_preview(r);
        *into = false;
        return true;
    case DO_NOTICE:
        if (r->sticky != NO_NODE)
            return false;
        reader_sticky(r, node, BLOCK_NOTICE, NULL);
        n->opened |= OPEN_STICKY;
        return true;
    case DO_CARD:
        if (r->sticky != NO_NODE)
            return false;
        reader_own_card(r, node);
        return true;
    case DO_BOX:
        reader_boundary(r);
        n->opened |= OPEN_BOUNDARY;
        return true;
    case DO_NOTHING:
    case DO_TEXT_ALT:
        return false;
    default:
        *into = !html_card(r, node, what);
        return !*into;
    }
}

static bool enter_element(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    struct hnode *n = &r->t->nodes[node];
    bool sticky = r->sticky != NO_NODE;
    switch (n->tag) {
    case TAG_BR:
        reader_break(r);
        return false;
    case TAG_HR:
        reader_boundary(r);
        if (!sticky)
            r->rule_due = true;
        return false;
    case TAG_IMG:
        reader_image(r, node, (enum rule_do)n->todo);
        return false;
    case TAG_INPUT: {
        const char *type = html_attr(t, node, ATTR_TYPE);
        if (type && strcmp(type, "checkbox") == 0 && r->nitems)
            doc_builder_block(r->b, r->items[r->nitems - 1].block)->flags |=
                (uint8_t)(BLOCK_TASK | (html_attr(t, node, ATTR_CHECKED) ? BLOCK_CHECKED : 0));
        return false;
    }
    case TAG_SCRIPT: { // a formula
        const char *type = html_attr(t, node, ATTR_TYPE);
        if (!type || strncmp(type, "math/tex", 8) != 0)
            return false;
        if (!sticky && !r->paragraph)
            reader_paragraph(r);
        doc_span_open(r->b, SPAN_MATH, DOC_NONE);
        n->note = SPAN_BIT(MATH);
        return true;
    }
    case TAG_MATH:
        if (reader_math(r, node))
            return false;
        break;
    case TAG_WBR:
        if (r->paragraph || sticky)
            doc_text(r->b, "\xe2\x80\x8b", 3);
        return false;
    case TAG_IFRAME:
    case TAG_VIDEO:
    case TAG_AUDIO:
    case TAG_OBJECT:
    case TAG_EMBED:
        return !html_card(r, node, DO_EMBED);
    case TAG_A:
        if (reader_more(r, node))
            return false;
        reader_anchor(r, node);
        break;
    case TAG_Q:
        reader_say(r, "“");
        break;
    case TAG_RT:
        reader_say(r, "(");
        break;
    case TAG_H1:
    case TAG_H2:
    case TAG_H3:
    case TAG_H4:
    case TAG_H5:
    case TAG_H6:
        if (sticky)
            break;
        {
            uint32_t at;
            reader_sticky(r, node, BLOCK_HEADING, &at);
            doc_builder_block(r->b, at)->level = (uint8_t)(n->tag - TAG_H1 + 1);
            n->opened |= OPEN_STICKY;
        }
        return true;
    case TAG_PRE:
    case TAG_XMP:
        if (sticky)
            break;
        reader_pre(r, node, false);
        return true;
    case TAG_BLOCKQUOTE: {
        // <figure class="pullquote"><blockquote>: one quotation, not two
        const struct hnode *up = n->parent == NO_NODE ? NULL : &t->nodes[n->parent];
        bool same = up && up->tag != TAG_BLOCKQUOTE &&
                    (up->todo == DO_PULLQUOTE || up->todo == DO_QUOTE) && reader_in_quote(r);
        if (!sticky && !same)
            reader_container(r, node, BLOCK_QUOTE, NULL);
        break;
    }
    case TAG_ASIDE:
    case TAG_DETAILS:
        if (!sticky)
            reader_container(r, node, BLOCK_ASIDE, NULL);
        break;
    case TAG_SUMMARY:
        if (sticky)
            break;
        reader_sticky(r, node, BLOCK_PARAGRAPH, NULL);
        doc_span_open(r->b, SPAN_STRONG, DOC_NONE);
        n->note = SPAN_BIT(STRONG);
        n->opened |= OPEN_STICKY;
        return true;
    case TAG_P:
        if (!sticky && html_is_attribution(t, node)) {
            bool into;
            return on_rule(r, node, DO_ATTRIBUTION, &into) ? into : true;
        }
        break;
    case TAG_CITE:
    case TAG_FOOTER:
        if (!sticky && n->parent != NO_NODE && t->nodes[n->parent].tag == TAG_BLOCKQUOTE) {
            bool into;
            reader_boundary(r);
            if (on_rule(r, node, DO_ATTRIBUTION, &into))
                return into;
        }
        break;
    case TAG_UL:
    case TAG_MENU:
    case TAG_DIR:
    case TAG_OL:
        if (!sticky && !html_holds_notes(t, node))
            reader_list(r, node, n->tag == TAG_OL);
        break;
    case TAG_LI:
        if (!sticky) {
            reader_item(r, node);
        } else {
            reader_boundary(r);
            if (r->sticky_kind == BLOCK_CELL)
                reader_bullet(r, node);
            return true;
        }
        break;
    case TAG_DL:
        if (!sticky) {
            uint32_t at;
            reader_container(r, node, BLOCK_LIST, &at);
            doc_builder_block(r->b, at)->flags |= BLOCK_DEFINITIONS;
        }
        break;
    case TAG_DT:
        if (sticky)
            break;
        reader_sticky(r, node, BLOCK_TERM, NULL);
        n->opened |= OPEN_STICKY;
        return true;
    case TAG_DD:
        if (!sticky)
            reader_container(r, node, BLOCK_DEFINITION, NULL);
        break;
    case TAG_TABLE:
        if (!sticky && !(n->flags & NODE_LAYOUT))
            reader_container(r, node, BLOCK_TABLE, NULL);
        break;
    case TAG_CAPTION:
        if (sticky || doc_builder_kind(r->b) != BLOCK_TABLE)
            break;
        reader_sticky(r, node, BLOCK_PARAGRAPH, NULL);
        n->opened |= OPEN_STICKY;
        return true;
    case TAG_TR:
        if (!sticky && doc_builder_kind(r->b) == BLOCK_TABLE)
            reader_row(r, node);
        break;
    case TAG_TD:
    case TAG_TH:
        if (!sticky && doc_builder_kind(r->b) == BLOCK_ROW) {
            reader_cell(r, node);
            return true;
        }
        break;
    case TAG_FIGURE: {
        bool into;
        on_rule(r, node, DO_FIGURE, &into);
        break;
    }
    case TAG_FIGCAPTION: {
        bool into;
        if (on_rule(r, node, DO_CAPTION, &into))
            return into;
        break;
    }
    default:
        break;
    }
    if (html_is_block(n->tag)) {
        reader_boundary(r);
        n->opened |= OPEN_BOUNDARY;
    }
    if (!(n->flags & NODE_NOTE))
        reader_spans(r, node);
    return true;
}

// True: go on with what is inside.
static bool enter(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    struct hnode *n = &r->t->nodes[node];
    if (n->tag == TAG_TEXT) {
        if (n->n)
            reader_text(r, t->text.data + n->at, n->n);
        return false;
    }
    if (n->flags & NODE_SKIP)
        return false;
    if (n->flags & NODE_TARGET) {
        const char *name = html_attr(t, node, ATTR_ID);
        if (name)
            doc_anchor(r->b, name);
        name = n->tag == TAG_A ? html_attr(t, node, ATTR_NAME) : NULL;
        if (name)
            doc_anchor(r->b, name);
    }
    if ((n->flags & NODE_MARK) && n->tag == TAG_A) {
        reader_mark(r, node);
        return false;
    }
    const char *dir = html_attr(t, node, ATTR_DIR);
    if (dir) {
        r->rtl = mem_grow(r->rtl, &r->rtl_cap, r->nrtl + 1, sizeof *r->rtl);
        r->rtl[r->nrtl++] = strcasecmp(dir, "rtl") == 0;
        n->opened |= OPEN_DIR;
    }
    if (n->flags & NODE_NOTE) {
        reader_boundary(r);
        if (r->sticky == NO_NODE) {
            uint32_t at = doc_open(r->b, BLOCK_NOTE);
            doc_builder_block(r->b, at)->ref = r->notes[n->note];
            r->in_note++;
            n->opened |= OPEN_NOTE;
        }
        return true;
    }
    bool into;
    if (n->todo && on_rule(r, node, (enum rule_do)n->todo, &into))
        return into;
    if (html_is_void(n->tag) && n->tag != TAG_SCRIPT)
        return false;
    return enter_element(r, node);
}

static void leave(struct html_reader *r, uint32_t node)
{
    struct hnode *n = &r->t->nodes[node];
    if (n->tag == TAG_TEXT || (n->flags & NODE_SKIP))
        return;
    if (n->tag == TAG_Q)
        reader_say(r, "”");
    if (n->tag == TAG_RT)
        reader_say(r, ")");
    if (!(n->flags & NODE_NOTE))
        reader_end_spans(r, node);
    if (n->tag == TAG_ABBR || n->tag == TAG_ACRONYM)
        reader_expand(r, node);
    if (n->opened & OPEN_LINK) {
        if (r->links[--r->nlinks].open) {
            doc_span_close(r->b, SPAN_LINK);
            r->last_href = r->links[r->nlinks].url; // for "Read more"
        }
    }
    if (n->opened & OPEN_STICKY) {
        size_t len;
        doc_builder_text(r->b, &len);
        if (len == 0 && r->sticky_kind == BLOCK_FIGURE && doc_builder_kind(r->b) == BLOCK_FIGURE) {
            // a caption without words: the picture's own
            uint32_t media = doc_builder_doc(r->b)->nmedia;
            const char *alt = media ? doc_builder_doc(r->b)->media[media - 1].title : NULL;
            if (alt)
                doc_text(r->b, alt, strlen(alt));
        }
        if (r->sticky == node)
            reader_end_sticky(r);
    }
    if ((n->opened & OPEN_BLOCK) && r->lead.len)
        reader_paragraph(r); // nothing came to stand before
    if (n->opened & (OPEN_BOUNDARY | OPEN_BLOCK | OPEN_NOTE))
        reader_boundary(r);
    if (n->opened & OPEN_FIGURE) {
        if (r->sticky == NO_NODE)
            reader_flush_figure(r);
        r->nfigures--;
    }
    if (n->tag == TAG_PRE && !(n->opened & OPEN_STICKY))
        r->prose_pre = false;
    if (n->opened & OPEN_BLOCK) {
        if (n->tag == TAG_LI && r->nitems)
            r->nitems--;
        doc_close(r->b);
    }
    if (n->opened & OPEN_LIST)
        r->nlists--;
    if (n->opened & OPEN_NOTE) {
        r->in_note--;
        doc_close(r->b);
    }
    if (n->opened & OPEN_DIR)
        r->nrtl--;
}

void reader_walk(struct html_reader *r, uint32_t top)
{
    const struct html_tree *t = r->t;
    for (uint32_t i = top;;) {
        if (enter(r, i) && t->nodes[i].first != NO_NODE) {
            i = t->nodes[i].first;
            continue;
        }
        leave(r, i);
        while (i != top && t->nodes[i].next == NO_NODE) {
            i = t->nodes[i].parent;
            leave(r, i);
        }
        if (i == top)
            return;
        i = t->nodes[i].next;
    }
}
