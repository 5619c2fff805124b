// Running text: the paragraphs it makes for itself, the breaks between them, and the leaves that
// hold everything below one element ("sticky"). What may turn out to be nothing is held back here
// until something follows: rules, a picture that waits for its caption, "Read more".
#include "html_reader.h"

#include <stdlib.h>
#include <string.h>

// Blanks of one width or another and what joins or parts without being seen: bytes of it at s.
static size_t unseen(const char *s, size_t left)
{
    static const char *const marks[] = {"\xc2\xa0", "\xc2\xad", "\xcd\x8f", "\xe2\x81\xa0",
                                        "\xef\xbb\xbf"};
    if (left >= 3 && memcmp(s, "\xe2\x80", 2) == 0 && (unsigned char)s[2] <= 0x8D)
        return 3; // U+2000 to U+200D
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i]);
        if (left >= n && memcmp(s, marks[i], n) == 0)
            return n;
    }
    return 0;
}

bool html_blank(const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)s[i];
        size_t n = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\0';
        if (!n && c >= 0x80)
            n = unseen(s + i, len - i);
        if (!n)
            return false;
        i += n;
    }
    return true;
}

// ---- paragraphs and what stands between them ----

void reader_media(struct html_reader *r, uint32_t media)
{
    uint32_t at = doc_open(r->b, BLOCK_FIGURE);
    doc_builder_block(r->b, at)->ref = media;
    const char *alt = doc_builder_doc(r->b)->media[media].title;
    if (alt)
        doc_text(r->b, alt, strlen(alt));
    doc_close(r->b);
}

void reader_flush_figure(struct html_reader *r)
{
    struct figure_ctx *f = r->nfigures ? &r->figures[r->nfigures - 1] : NULL;
    if (!f || f->media == DOC_NONE)
        return;
    uint32_t media = f->media;
    f->media = DOC_NONE;
    reader_media(r, media);
}

void reader_rtl(struct html_reader *r, uint32_t block)
{
    if (r->nrtl && r->rtl[r->nrtl - 1])
        doc_builder_block(r->b, block)->flags |= BLOCK_RTL;
}

// Before anything new stands on the page: what was held back until something follows.
void reader_before(struct html_reader *r)
{
    if (r->more_text) {
        char *text = r->more_text, *url = r->more_url;
        r->more_text = r->more_url = NULL;
        doc_open(r->b, BLOCK_PARAGRAPH);
        reader_link(r, text, url);
        doc_close(r->b);
        free(text);
        free(url);
    }
    if (r->rule_due && !r->in_note) {
        r->rule_due = false;
        uint32_t leaves = doc_builder_leaves(r->b);
        if (leaves && leaves != r->rule_leaves) { // neither first nor twice
            doc_open(r->b, BLOCK_RULE);
            doc_close(r->b);
            r->rule_leaves = doc_builder_leaves(r->b);
        }
    }
    reader_flush_figure(r);
}

static void say_lead(struct html_reader *r)
{
    if (!r->lead.len)
        return;
    buf_char(&r->lead, ' ');
    doc_text(r->b, r->lead.data, r->lead.len);
    buf_clear(&r->lead);
}

void reader_paragraph(struct html_reader *r)
{
    reader_before(r);
    uint32_t at = doc_open(r->b, BLOCK_PARAGRAPH);
    reader_rtl(r, at);
    r->paragraph = true;
    r->breaks = 0;
    r->link_text = 0;
    say_lead(r);
}

// "* * *" and its like are rules that someone typed.
static bool is_typed_rule(const char *s, size_t len)
{
    static const char *const all[] = {
        "***",   "* * *", "****",  "*****",    "* * * *",   "---",   "———",
        "⁂",     "❦",     "• • •", "•••",      "· · ·",     "···",   "~~~",
        "~ ~ ~", "___",   "–––",   "— — —",    "– – –",     "- - -", "*\xc2\xa0*\xc2\xa0*",
        "###",   "# # #", "-----", "________", "----------"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strlen(all[i]) == len && memcmp(all[i], s, len) == 0)
            return true;
    return false;
}

void reader_end_paragraph(struct html_reader *r)
{
    size_t len;
    const char *s = doc_builder_text(r->b, &len);
    r->paragraph = false;
    if (len && len < 60 && r->nlinks == 0 && is_typed_rule(s, len)) {
        doc_drop(r->b);
        r->rule_due = true;
    } else if (len && rules_tail_text(s, len)) {
        doc_drop(r->b);
    } else if (len && r->link_text >= len && r->last_href && rules_button_text(s, len) &&
               rules_button_address(r->last_href, strlen(r->last_href))) {
        doc_drop(r->b); // a button whose classes somebody took off
    } else if (len && rules_wall_text(s, len)) {
        doc_drop(r->b);
        reader_preview(r);
    } else if (len && len < 8 && r->more_text && reader_is_cut(s, len)) {
        doc_drop(r->b); // of "... Read more"
    } else if (len && doc_builder_doc(r->b)->preview && r->link_text >= len &&
               rules_button_text(s, len)) {
        doc_drop(r->b); // in the wall
    } else if (len && r->link_text >= len && !r->in_note && rules_more_text(s, len)) {
        r->more_text = mem_strndup(s, len);
        bool known = r->last_href && link_clean(&r->url, r->last_href, r->base);
        r->more_url = mem_strdup(known ? r->url.data : NULL);
        doc_drop(r->b);
    } else {
        r->texts += len > 0;
        doc_close(r->b);
    }
    reader_flush_side(r);
}

void reader_boundary(struct html_reader *r)
{
    if (r->sticky != NO_NODE) {
        if (r->verse_flow)
            r->verse_gap = 2;
        else
            doc_break(r->b);
    } else if (r->paragraph) {
        reader_end_paragraph(r);
    }
}

void reader_block(struct html_reader *r)
{
    reader_boundary(r);
    if (r->sticky == NO_NODE)
        reader_before(r);
}

// ---- text ----

void reader_break(struct html_reader *r)
{
    if (r->verse_flow) {
        r->verse_gap = r->verse_gap < 2 ? r->verse_gap + 1 : 2;
    } else if (r->sticky != NO_NODE) {
        doc_break(r->b);
    } else if (r->paragraph) {
        if (++r->breaks > 1)
            reader_end_paragraph(r);
        else
            doc_break(r->b);
    }
}

static void verse_text(struct html_reader *r, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t white = i;
        while (white < len && strchr(" \t\n\r\f", s[white]))
            white++;
        if (white == len) {
            if (!r->verse_gap)
                doc_text(r->b, " ", 1);
            return;
        }
        if (r->verse_gap) {
            size_t have;
            doc_builder_text(r->b, &have);
            while (r->verse_gap-- > 0)
                if (have)
                    doc_break(r->b);
            r->verse_gap = 0;
        } else if (white > i) {
            doc_text(r->b, " ", 1);
        }
        i = white;
        while (white < len && !strchr(" \t\n\r\f", s[white]))
            white++;
        doc_text(r->b, s + i, white - i);
        i = white;
    }
}

static void line_text(struct html_reader *r, const char *s, size_t len)
{
    if (r->strip_dash) {
        size_t i = 0;
        while (i < len && strchr(" \t\n\r", s[i]))
            i++;
        if (i == len)
            return;
        if (len - i >= 3 && (memcmp(s + i, "—", 3) == 0 || memcmp(s + i, "–", 3) == 0 ||
                             memcmp(s + i, "―", 3) == 0))
            i += 3;
        else if (len - i >= 2 && memcmp(s + i, "--", 2) == 0)
            i += 2;
        s += i;
        len -= i;
        r->strip_dash = false;
    }
    if (r->verse_flow) {
        verse_text(r, s, len);
        return;
    }
    if (r->sticky == NO_NODE && !html_blank(s, len)) {
        if (!r->paragraph) {
            reader_paragraph(r);
            for (size_t n; len && (n = strchr(" \t\n\r", *s) ? 1 : unseen(s, len)); len -= n)
                s += n; // an indent by hand
        }
        r->breaks = 0;
    }
    if (r->sticky == NO_NODE && !r->paragraph)
        return;
    size_t before, after;
    if (r->nlinks && r->links[r->nlinks - 1].open) {
        doc_builder_text(r->b, &before);
        doc_text(r->b, s, len);
        doc_builder_text(r->b, &after);
        r->link_text += (uint32_t)(after - before);
    } else {
        doc_text(r->b, s, len);
    }
}

void reader_text(struct html_reader *r, const char *s, size_t len)
{
    if (!r->prose_pre) {
        line_text(r, s, len);
        return;
    }
    while (len) {
        const char *nl = memchr(s, '\n', len);
        size_t n = nl ? (size_t)(nl - s) : len;
        line_text(r, s, n);
        if (nl) {
            reader_break(r);
            n++;
        }
        s += n;
        len -= n;
    }
}

void reader_say(struct html_reader *r, const char *s)
{
    line_text(r, s, strlen(s));
}

void reader_link(struct html_reader *r, const char *text, const char *url)
{
    if (url)
        doc_span_open(r->b, SPAN_LINK, doc_add_link(r->b, url, NULL));
    doc_text(r->b, text, strlen(text));
    if (url)
        doc_span_close(r->b, SPAN_LINK);
}

void reader_card(struct html_reader *r, const char *what, const char *title, const char *more,
                 const char *url, const struct doc_media *m)
{
    if (r->sticky != NO_NODE) {
        reader_link(r, title && *title ? title : what, url);
        return;
    }
    reader_block(r);
    uint32_t at = doc_open(r->b, BLOCK_CARD);
    if (m)
        doc_builder_block(r->b, at)->ref = doc_add_media(r->b, m);
    if (title && *title) {
        doc_text(r->b, what, strlen(what));
        doc_text(r->b, ": ", 2);
    }
    reader_link(r, title && *title ? title : what, url);
    if (more && *more)
        doc_text(r->b, more, strlen(more));
    doc_close(r->b);
    r->texts++;
}

void reader_figure(struct html_reader *r, const struct doc_media *m, const char *caption)
{
    reader_block(r);
    uint32_t at = doc_open(r->b, BLOCK_FIGURE);
    doc_builder_block(r->b, at)->ref = doc_add_media(r->b, m);
    if (caption)
        doc_text(r->b, caption, strlen(caption));
    else if (m->title)
        doc_text(r->b, m->title, strlen(m->title));
    doc_close(r->b);
}

// ---- leaves that hold all below them ----

void reader_sticky(struct html_reader *r, uint32_t node, enum block_kind kind, uint32_t *block)
{
    reader_block(r);
    r->sticky = node;
    r->sticky_kind = kind;
    uint32_t at = doc_open(r->b, kind);
    reader_rtl(r, at);
    say_lead(r);
    if (block)
        *block = at;
}

static bool repeats_title(const char *s, size_t len, const char *title)
{
    if (!title)
        return false;
    for (;;) { // letters, digits and what is beyond ASCII count, their case does not
        while (len && (unsigned char)*s < 0x80 && !strchr("0123456789", *s) &&
               !((*s | 32) >= 'a' && (*s | 32) <= 'z')) {
            s++;
            len--;
        }
        while (*title && (unsigned char)*title < 0x80 && !strchr("0123456789", *title) &&
               !((*title | 32) >= 'a' && (*title | 32) <= 'z'))
            title++;
        if (!len || !*title)
            return !len && !*title;
        char a = *s++, b = *title++;
        len--;
        if (a != b && !(((a ^ b) == 32) && (a | 32) >= 'a' && (a | 32) <= 'z'))
            return false;
    }
}

void reader_end_sticky(struct html_reader *r)
{
    size_t len;
    const char *s = doc_builder_text(r->b, &len);
    enum block_kind kind = r->sticky_kind;
    r->sticky = NO_NODE;
    r->verse_flow = r->strip_dash = false;
    r->verse_gap = 0;
    bool first = kind == BLOCK_HEADING && len && !r->headings++ && r->texts <= PREFACE_MAX;
    if (first && ((r->src && repeats_title(s, len, r->src->title)) ||
                  repeats_title(s, len, doc_builder_doc(r->b)->title))) {
        doc_drop(r->b);
        r->rule_due = r->texts > 0; // parts a preface from the essay still
        return;
    }
    if (kind == BLOCK_HEADING && rules_wall_text(s, len)) {
        doc_drop(r->b);
        reader_preview(r);
        return;
    }
    r->texts += len > 0 && kind != BLOCK_FIGURE;
    doc_close(r->b);
    for (size_t i = 0; i < r->nlater; i++)
        reader_media(r, r->later_figures[i]);
    r->nlater = 0;
    reader_flush_side(r);
}
