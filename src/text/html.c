// HTML -> document. The tree is walked once, without recursion: on the way into an element blocks
// and spans are opened, on the way out they are closed. Running text makes its own paragraphs: any
// block ends the one that is open, two <br> do as well. Some elements hold everything below them in
// one leaf ("sticky": headings, cells, captions ...). What platforms add is known from the tables
// in rules.c; notes are found before the walk (html_note.c).
#include "html.h"
#include "markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

// What the walk did on its way in, to be undone on its way out.
enum opened {
    OPEN_BLOCK = 1,
    OPEN_STICKY = 2,
    OPEN_BOUNDARY = 4,
    OPEN_LIST = 8,
    OPEN_LINK = 16,
    OPEN_DIR = 32,
    OPEN_FIGURE = 64,
    OPEN_NOTE = 128,
};

static bool is_blank(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\n\r\f", s[i])) {
            if ((unsigned char)s[i] == 0xC2 && i + 1 < len && (unsigned char)s[i + 1] == 0xA0)
                i++;
            else
                return false;
        }
    return true;
}

// ---- paragraphs and what stands between them ----

static void emit_media(struct html_reader *r, uint32_t media)
{
    uint32_t at = doc_open(r->b, BLOCK_FIGURE);
    doc_builder_block(r->b, at)->ref = media;
    const char *alt = doc_builder_doc(r->b)->media[media].title;
    if (alt)
        doc_text(r->b, alt, strlen(alt));
    doc_close(r->b);
}

static void flush_figure(struct html_reader *r)
{
    struct figure_ctx *f = r->nfigures ? &r->figures[r->nfigures - 1] : NULL;
    if (!f || f->media == DOC_NONE)
        return;
    uint32_t media = f->media;
    f->media = DOC_NONE;
    emit_media(r, media);
}

static void rtl_flag(struct html_reader *r, uint32_t block)
{
    if (r->nrtl && r->rtl[r->nrtl - 1])
        doc_builder_block(r->b, block)->flags |= BLOCK_RTL;
}

// Before anything new stands on the page: what was held back until something follows.
static void before_block(struct html_reader *r)
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
    flush_figure(r);
}

static void open_paragraph(struct html_reader *r)
{
    before_block(r);
    uint32_t at = doc_open(r->b, BLOCK_PARAGRAPH);
    rtl_flag(r, at);
    r->paragraph = true;
    r->breaks = 0;
    r->link_text = 0;
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

static void flush_side(struct html_reader *r);

static void close_paragraph(struct html_reader *r)
{
    size_t len;
    const char *s = doc_builder_text(r->b, &len);
    r->paragraph = false;
    if (len && len < 60 && r->nlinks == 0 && is_typed_rule(s, len)) {
        doc_drop(r->b);
        r->rule_due = true;
    } else if (len && rules_tail_text(s, len)) {
        doc_drop(r->b);
    } else if (len && r->link_text >= len && !r->in_note && rules_more_text(s, len)) {
        r->more_text = mem_strndup(s, len);
        bool known = r->last_href && link_clean(&r->url, r->last_href, r->base);
        r->more_url = mem_strdup(known ? r->url.data : NULL);
        doc_drop(r->b);
    } else {
        r->texts += len > 0;
        doc_close(r->b);
    }
    flush_side(r);
}

void reader_boundary(struct html_reader *r)
{
    if (r->sticky != NO_NODE) {
        if (r->verse_flow)
            r->verse_gap = 2;
        else
            doc_break(r->b);
    } else if (r->paragraph) {
        close_paragraph(r);
    }
}

void reader_block(struct html_reader *r)
{
    reader_boundary(r);
    if (r->sticky == NO_NODE)
        before_block(r);
}

// ---- text ----

static void on_break(struct html_reader *r)
{
    if (r->verse_flow) {
        r->verse_gap = r->verse_gap < 2 ? r->verse_gap + 1 : 2;
    } else if (r->sticky != NO_NODE) {
        doc_break(r->b);
    } else if (r->paragraph) {
        if (++r->breaks > 1)
            close_paragraph(r);
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
    if (r->sticky == NO_NODE && !is_blank(s, len)) {
        if (!r->paragraph)
            open_paragraph(r);
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

static void on_text(struct html_reader *r, const char *s, size_t len)
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
            on_break(r);
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

static void open_sticky(struct html_reader *r, uint32_t node, enum block_kind kind, uint32_t *block)
{
    reader_block(r);
    r->sticky = node;
    r->sticky_kind = kind;
    uint32_t at = doc_open(r->b, kind);
    rtl_flag(r, at);
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

static void close_sticky(struct html_reader *r)
{
    size_t len;
    const char *s = doc_builder_text(r->b, &len);
    enum block_kind kind = r->sticky_kind;
    r->sticky = NO_NODE;
    r->verse_flow = r->strip_dash = false;
    r->verse_gap = 0;
    if (kind == BLOCK_HEADING && r->texts == 0 && len &&
        ((r->src && repeats_title(s, len, r->src->title)) ||
         repeats_title(s, len, doc_builder_doc(r->b)->title))) {
        doc_drop(r->b);
        return;
    }
    r->texts += len > 0 && kind != BLOCK_FIGURE;
    doc_close(r->b);
    for (size_t i = 0; i < r->nlater; i++)
        emit_media(r, r->later_figures[i]);
    r->nlater = 0;
    flush_side(r);
}

// ---- pictures ----

static int pixels(const char *s)
{
    if (!s || !*s)
        return -1;
    char *end;
    long v = strtol(s, &end, 10);
    return *end == '%' || end == s || v < 0 || v > 100000 ? -1 : (int)v;
}

// Substack keeps the original's address in its data.
static char *original_source(const struct html_tree *t, uint32_t node)
{
    const char *s = html_attr(t, node, ATTR_DATA_ATTRS);
    s = s ? strstr(s, "\"src\":\"http") : NULL;
    return s ? mem_strndup(s + 7, strcspn(s + 7, "\"\\")) : NULL;
}

static const char *picture_source(const struct html_tree *t, uint32_t node)
{
    static const enum html_attr names[] = {ATTR_DATA_SRC, ATTR_DATA_LAZY, ATTR_DATA_ORIGINAL,
                                           ATTR_SRC};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *s = html_attr(t, node, names[i]);
        if (s && *s && strncmp(s, "data:", 5) != 0)
            return s;
    }
    return NULL;
}

static void on_image(struct html_reader *r, uint32_t node, enum rule_do what)
{
    const struct html_tree *t = r->t;
    const char *alt = html_attr(t, node, ATTR_ALT), *src = picture_source(t, node);
    int w = pixels(html_attr(t, node, ATTR_WIDTH)), h = pixels(html_attr(t, node, ATTR_HEIGHT));
    if (alt && is_blank(alt, strlen(alt)))
        alt = NULL;
    if ((w >= 0 && w <= 3) || (h >= 0 && h <= 3) || (src && link_is_pixel(src)))
        return;
    bool small = w > 0 && w <= 32 && h > 0 && h <= 32;
    if (what == DO_TEXT_ALT || (small && alt && (r->paragraph || r->sticky != NO_NODE))) {
        if (alt)
            reader_say(r, alt);
        return;
    }
    if (small && !alt)
        return; // an icon
    struct doc_media m = {
        .kind = MEDIA_IMAGE, .title = alt, .width = w > 0 ? w : 0, .height = h > 0 ? h : 0};
    char *original = original_source(t, node);
    if (original)
        src = original;
    if (!src || !link_image(&r->scratch, src, r->base)) {
        const char *set = html_attr(t, node, ATTR_SRCSET);
        char *first = set ? mem_strndup(set, strcspn(set, " ,")) : NULL;
        bool ok = first && link_image(&r->scratch, first, r->base);
        free(first);
        if (!ok && !alt) {
            free(original);
            return;
        }
        m.url = ok ? r->scratch.data : NULL;
    } else {
        m.url = r->scratch.data;
    }
    struct buf link = {0};
    if (r->nlinks && r->links[r->nlinks - 1].url &&
        link_image(&link, r->links[r->nlinks - 1].url, r->base) &&
        !(m.url && strcmp(link.data, m.url) == 0))
        m.link = link.data;
    if (r->sticky != NO_NODE) {
        if (r->sticky_kind == BLOCK_HEADING || r->sticky_kind == BLOCK_TERM ||
            r->sticky_kind == BLOCK_ATTRIBUTION || r->sticky_kind == BLOCK_FIGURE ||
            r->sticky_kind == BLOCK_PARAGRAPH) {
            r->later_figures =
                mem_grow(r->later_figures, &r->later_cap, r->nlater + 1, sizeof *r->later_figures);
            r->later_figures[r->nlater++] = doc_add_media(r->b, &m);
        } else if (alt) {
            reader_say(r, alt);
        }
    } else {
        reader_block(r);
        uint32_t media = doc_add_media(r->b, &m);
        if (r->nfigures)
            r->figures[r->nfigures - 1].media = media;
        else
            emit_media(r, media);
    }
    buf_free(&link);
    free(original);
}

static void on_caption(struct html_reader *r, uint32_t node)
{
    struct figure_ctx *f = r->nfigures ? &r->figures[r->nfigures - 1] : NULL;
    uint32_t media = f ? f->media : DOC_NONE;
    if (f)
        f->media = DOC_NONE; // not to be flushed before its own caption
    uint32_t at;
    open_sticky(r, node, media == DOC_NONE ? BLOCK_PARAGRAPH : BLOCK_FIGURE, &at);
    if (media != DOC_NONE)
        doc_builder_block(r->b, at)->ref = media;
    r->t->nodes[node].opened |= OPEN_STICKY;
}

// ---- preformatted text ----

static void measure_pre(const struct html_tree *t, uint32_t node, size_t *longest, size_t *marks,
                        size_t *letters)
{
    size_t line = 0;
    *longest = *marks = *letters = 0;
    for (uint32_t i = node; i != NO_NODE; i = html_next(t, i, node, true)) {
        if (t->nodes[i].tag == TAG_BR)
            line = 0;
        if (t->nodes[i].tag != TAG_TEXT)
            continue;
        const char *s = t->text.data + t->nodes[i].at;
        for (uint32_t k = 0; k < t->nodes[i].n; k++) {
            line = s[k] == '\n' ? 0 : line + (((unsigned char)s[k] & 0xC0) != 0x80);
            if (line > *longest)
                *longest = line;
            *marks += strchr("{}[]();=<>|\\/_$#", s[k]) != NULL;
            *letters += ((s[k] | 32) >= 'a' && (s[k] | 32) <= 'z') || (unsigned char)s[k] >= 0x80;
        }
    }
}

static const char *language_at(const struct html_tree *t, uint32_t node)
{
    const char *lang = html_attr(t, node, ATTR_DATA_LANG), *c = html_attr(t, node, ATTR_CLASS);
    if (!lang)
        lang = html_attr(t, node, ATTR_DATA_LANGUAGE);
    static const char *const starts[] = {"language-", "lang-", "highlight-source-",
                                         "brush: ", "brush:"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts && !lang && c; i++) {
        const char *s = strstr(c, starts[i]);
        if (s)
            lang = s + strlen(starts[i]);
    }
    if (!lang && c && t->markdown && t->nodes[node].tag == TAG_CODE)
        lang = c; // discount's class is the word behind the fence
    return lang;
}

// What <pre>, the <code> in it or the <div> around it say.
static const char *code_language(const struct html_tree *t, uint32_t pre, uint32_t code,
                                 char out[32])
{
    const char *lang = code == NO_NODE ? NULL : language_at(t, code);
    if (!lang)
        lang = language_at(t, pre);
    if (!lang && t->nodes[pre].parent != NO_NODE)
        lang = language_at(t, t->nodes[pre].parent);
    size_t n = lang ? strcspn(lang, " ;,\t\n\"'`{") : 0;
    if (!n || n >= 32 || strncmp(lang, "none", 4) == 0 || strncmp(lang, "plaintext", 9) == 0)
        return NULL;
    memcpy(out, lang, n);
    out[n] = '\0';
    return out;
}

static void on_pre(struct html_reader *r, uint32_t node, bool verse)
{
    const struct html_tree *t = r->t;
    size_t longest, marks, letters;
    measure_pre(t, node, &longest, &marks, &letters);
    uint32_t code = html_find(t, node, TAG_CODE);
    char lang[32];
    const char *language = code_language(t, node, code, lang);
    if (!verse && code == NO_NODE && !language && longest > 100 && marks * 20 < letters)
        verse = true; // no code: letters typed with the wrong tool
    if (verse && longest > 100) {
        reader_boundary(r); // no verse either: prose, which wraps
        r->prose_pre = true;
        r->t->nodes[node].opened |= OPEN_BOUNDARY;
        return;
    }
    uint32_t at;
    open_sticky(r, node, verse ? BLOCK_VERSE : BLOCK_CODE, &at);
    if (language && !verse)
        doc_builder_block(r->b, at)->ref = doc_add_string(r->b, language);
    r->t->nodes[node].opened |= OPEN_STICKY;
}

static void on_verse(struct html_reader *r, uint32_t node)
{
    uint32_t pre = r->t->nodes[node].tag == TAG_PRE ? node : html_find(r->t, node, TAG_PRE);
    if (pre == node) {
        on_pre(r, node, true);
    } else if (pre != NO_NODE) {
        r->t->nodes[pre].todo = DO_VERSE; // the <pre> inside knows the lines
        reader_boundary(r);
        r->t->nodes[node].opened |= OPEN_BOUNDARY;
    } else {
        open_sticky(r, node, BLOCK_VERSE, NULL);
        r->verse_flow = true;
        r->t->nodes[node].opened |= OPEN_STICKY;
    }
}

// ---- spans ----

static bool style_says(const char *style, const char *name, const char *const *values)
{
    const char *s = style;
    size_t n = strlen(name);
    while ((s = strstr(s, name))) {
        s += n;
        while (*s == ' ' || *s == ':')
            s++;
        for (size_t i = 0; values[i]; i++)
            if (strncasecmp(s, values[i], strlen(values[i])) == 0)
                return true;
    }
    return false;
}

static uint32_t spans_of(const struct html_reader *r, uint32_t node)
{
    static const char *const bold[] = {"bold", "600", "700", "800", "900", NULL},
                             *const plain[] = {"normal", "400", NULL},
                             *const italic[] = {"italic", "oblique", NULL},
                             *const through[] = {"line-through", NULL};
#define SPAN_BIT(kind) (1u << SPAN_##kind)
    const char *style = html_attr(r->t, node, ATTR_STYLE);
    uint32_t set = 0;
    switch (r->t->nodes[node].tag) {
    case TAG_EM:
    case TAG_I:
    case TAG_DFN:
    case TAG_VAR:
    case TAG_U:
        set = SPAN_BIT(EM);
        break;
    case TAG_STRONG:
    case TAG_B:
        set = SPAN_BIT(STRONG);
        break;
    case TAG_CODE:
    case TAG_TT:
    case TAG_SAMP:
        set = SPAN_BIT(CODE);
        break;
    case TAG_KBD:
        set = SPAN_BIT(KBD);
        break;
    case TAG_S:
    case TAG_STRIKE:
    case TAG_DEL:
        set = SPAN_BIT(STRIKE);
        break;
    case TAG_INS:
        set = SPAN_BIT(INSERT);
        break;
    case TAG_MARK:
        set = SPAN_BIT(MARK);
        break;
    case TAG_SMALL:
        set = SPAN_BIT(SMALL);
        break;
    case TAG_SUB:
        set = SPAN_BIT(SUB);
        break;
    case TAG_SUP:
        set = r->t->nodes[node].flags & NODE_MARK ? 0 : SPAN_BIT(SUP);
        break;
    case TAG_A:
        set = r->t->nodes[node].flags & NODE_LOST ? SPAN_BIT(SUP) : 0; // "100" and "1" stay two
        break;
    case TAG_CITE:
        set = SPAN_BIT(CITE);
        break;
    case TAG_ABBR:
    case TAG_ACRONYM:
        set = SPAN_BIT(ABBR);
        break;
    case TAG_MATH:
        set = SPAN_BIT(MATH);
        break;
    case TAG_SPAN: {
        const char *role = html_attr(r->t, node, ATTR_ROLE);
        set = role && strcmp(role, "math") == 0 ? SPAN_BIT(MATH) : 0;
        break;
    }
    default:
        break;
    }
    if (style && !html_is_block(r->t->nodes[node].tag)) {
        if (style_says(style, "font-weight", plain))
            set &= ~SPAN_BIT(STRONG);
        else if (style_says(style, "font-weight", bold))
            set |= SPAN_BIT(STRONG);
        if (style_says(style, "font-style", plain))
            set &= ~SPAN_BIT(EM);
        else if (style_says(style, "font-style", italic))
            set |= SPAN_BIT(EM);
        if (style_says(style, "text-decoration", through))
            set |= SPAN_BIT(STRIKE);
    }
    if (r->sticky != NO_NODE && r->sticky_kind == BLOCK_HEADING)
        set &= ~SPAN_BIT(STRONG); // a heading is strong as it is
    return set;
}

static void open_spans(struct html_reader *r, uint32_t node)
{
    uint32_t set = spans_of(r, node);
    if (r->t->nodes[node].tag != TAG_HTML && r->t->nodes[node].tag != TAG_BODY) {
        const char *lang = html_attr(r->t, node, ATTR_LANG);
        if (lang && *lang && strlen(lang) < 36 &&
            !(r->src && r->src->language && strncasecmp(lang, r->src->language, 2) == 0) &&
            !(doc_builder_doc(r->b)->language &&
              strncasecmp(lang, doc_builder_doc(r->b)->language, 2) == 0)) {
            doc_span_open(r->b, SPAN_LANG, doc_add_string(r->b, lang));
            set |= SPAN_BIT(LANG);
        }
    }
    for (int k = 0; k < SPAN_KIND_COUNT; k++)
        if ((set & 1u << k) && k != SPAN_LANG)
            doc_span_open(r->b, (enum span_kind)k, DOC_NONE);
    r->t->nodes[node].note = set ? set : NO_NODE;
}

static void close_spans(struct html_reader *r, uint32_t node)
{
    uint32_t set = r->t->nodes[node].note;
    if (set == NO_NODE ||
        (r->t->nodes[node].flags & (NODE_MARK | NODE_NOTE) && r->t->nodes[node].tag != TAG_SUP))
        return;
    for (int k = SPAN_KIND_COUNT; k-- > 0;)
        if ((set & 1u << k) && k != SPAN_LANG)
            doc_span_close(r->b, (enum span_kind)k);
    if (set & SPAN_BIT(LANG))
        doc_span_close(r->b, SPAN_LANG);
}

// ---- notes ----

static void on_mark(struct html_reader *r, uint32_t node)
{
    uint32_t note = r->t->nodes[node].note;
    if (r->sticky == NO_NODE && !r->paragraph)
        open_paragraph(r);
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
static void on_sidenote(struct html_reader *r, uint32_t node)
{
    const char *given = html_attr(r->t, node, ATTR_DATA_MFN);
    char label[32];
    snprintf(label, sizeof label, "%u", ++r->sidenotes);
    if (given && *given && strlen(given) < 8)
        snprintf(label, sizeof label, "%s", given);
    uint32_t note = doc_add_note(r->b, label);
    if (r->sticky == NO_NODE && !r->paragraph)
        open_paragraph(r);
    doc_span_open(r->b, SPAN_NOTE_MARK, note);
    doc_text(r->b, label, strlen(label));
    doc_span_close(r->b, SPAN_NOTE_MARK);
    r->side = mem_grow(r->side, &r->side_cap, r->nside + 1, sizeof *r->side);
    r->side[r->nside++] = (struct side_ctx){node, note};
}

static void walk(struct html_reader *r, uint32_t top);

static void flush_side(struct html_reader *r)
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
        walk(r, side[i].node);
        if (r->paragraph)
            close_paragraph(r);
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

static uint32_t count_children(const struct html_tree *t, uint32_t node, enum html_tag tag)
{
    uint32_t n = 0;
    for (uint32_t i = t->nodes[node].first; i != NO_NODE; i = t->nodes[i].next)
        n += t->nodes[i].tag == tag;
    return n;
}

static void open_container(struct html_reader *r, uint32_t node, enum block_kind kind,
                           uint32_t *block)
{
    reader_block(r);
    uint32_t at = doc_open(r->b, kind);
    if (block)
        *block = at;
    rtl_flag(r, at);
    r->t->nodes[node].opened |= OPEN_BLOCK;
}

// A list whose items are footnotes is not one of the text.
static bool holds_notes(const struct html_tree *t, uint32_t node)
{
    for (uint32_t i = t->nodes[node].first; i != NO_NODE; i = t->nodes[i].next)
        if (t->nodes[i].tag == TAG_LI)
            return t->nodes[i].flags & NODE_NOTE;
    return false;
}

static void on_list(struct html_reader *r, uint32_t node, bool ordered)
{
    const struct html_tree *t = r->t;
    uint32_t at;
    open_container(r, node, BLOCK_LIST, &at);
    struct doc_block *k = doc_builder_block(r->b, at);
    struct list_ctx ctx = {1, 1};
    if (ordered) {
        const char *type = html_attr(t, node, ATTR_TYPE);
        k->flags |= BLOCK_ORDERED;
        if (html_attr(t, node, ATTR_REVERSED)) {
            k->flags |= BLOCK_REVERSED;
            ctx = (struct list_ctx){(int32_t)count_children(t, node, TAG_LI), -1};
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
        if (n->tag != TAG_TEXT || is_blank(t->text.data + n->at, n->n))
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

static void on_item(struct html_reader *r, uint32_t node)
{
    uint32_t at;
    open_container(r, node, BLOCK_ITEM, &at);
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

static bool is_dash(const char *s, size_t n)
{
    return n >= 3 && (memcmp(s, "—", 3) == 0 || memcmp(s, "–", 3) == 0 || memcmp(s, "―", 3) == 0 ||
                      memcmp(s, "-- ", 3) == 0);
}

// A paragraph that says who a quotation is by: the last of several, and it starts with a dash.
static bool is_attribution(const struct html_tree *t, uint32_t node)
{
    uint32_t up = t->nodes[node].parent;
    if (up == NO_NODE || t->nodes[up].tag != TAG_BLOCKQUOTE)
        return false;
    for (uint32_t i = t->nodes[node].next; i != NO_NODE; i = t->nodes[i].next)
        if (t->nodes[i].tag != TAG_TEXT || !is_blank(t->text.data + t->nodes[i].at, t->nodes[i].n))
            return false;
    uint32_t first = t->nodes[up].first;
    while (first != NO_NODE && t->nodes[first].tag == TAG_TEXT)
        first = t->nodes[first].next;
    if (first == node)
        return false;
    for (uint32_t i = node; i != NO_NODE; i = html_next(t, i, node, true))
        if (t->nodes[i].tag == TAG_TEXT &&
            !is_blank(t->text.data + t->nodes[i].at, t->nodes[i].n)) {
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

static void on_row(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    uint32_t at, up = t->nodes[node].parent;
    open_container(r, node, BLOCK_ROW, &at);
    bool head = up != NO_NODE && t->nodes[up].tag == TAG_THEAD;
    if (!head)
        head = count_children(t, node, TAG_TH) > 1 && count_children(t, node, TAG_TD) == 0;
    if (head)
        doc_builder_block(r->b, at)->flags |= BLOCK_HEADER;
}

static void on_cell(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    uint32_t at;
    open_sticky(r, node, BLOCK_CELL, &at);
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

static void on_link(struct html_reader *r, uint32_t node)
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

static bool on_math(struct html_reader *r, uint32_t node)
{
    const char *source = html_attr(r->t, node, ATTR_ALTTEXT);
    struct buf s = {0};
    uint32_t tex = source ? NO_NODE : html_find(r->t, node, TAG_ANNOTATION);
    if (tex != NO_NODE)
        html_text_of(r->t, tex, &s, 4096);
    if (s.len)
        source = s.data;
    if (source && *source) {
        if (r->sticky == NO_NODE && !r->paragraph)
            open_paragraph(r);
        doc_span_open(r->b, SPAN_MATH, DOC_NONE);
        doc_text(r->b, source, strlen(source));
        doc_span_close(r->b, SPAN_MATH);
    }
    buf_free(&s);
    return source && *source;
}

static void on_button(struct html_reader *r, uint32_t node, bool *into)
{
    buf_clear(&r->scratch);
    html_text_of(r->t, node, &r->scratch, 200);
    *into = r->scratch.len && !rules_button_text(r->scratch.data, r->scratch.len);
    if (*into) {
        reader_boundary(r);
        r->t->nodes[node].opened |= OPEN_BOUNDARY;
    }
}

static void on_preview(struct html_reader *r)
{
    struct doc *d = doc_builder_doc(r->b);
    reader_boundary(r);
    if (d->preview)
        return;
    d->preview = true;
    r->rule_due = false;
    before_block(r);
    const char *url = r->more_url ? r->more_url : d->url ? d->url : r->src ? r->src->url : NULL;
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
}

// A card that Lectern wrote itself.
static void on_card(struct html_reader *r, uint32_t node)
{
    static const char *const kinds[] = {"image", "audio", "video", "embed", "post", "file"};
    const char *kind = html_attr(r->t, node, ATTR_DATA_CARD),
               *url = html_attr(r->t, node, ATTR_DATA_URL),
               *seconds = html_attr(r->t, node, ATTR_DATA_SECONDS);
    uint32_t at;
    open_sticky(r, node, BLOCK_CARD, &at);
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

static bool in_quote(const struct html_reader *r)
{
    enum block_kind k = doc_builder_kind(r->b);
    return k == BLOCK_QUOTE || k == BLOCK_PULLQUOTE;
}

// What a rule says. True: that is all, the element is done with or opened; *into: go on with what
// it holds.
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
        if (r->sticky != NO_NODE || (in_quote(r) && n->tag != TAG_BLOCKQUOTE))
            return false;
        open_container(r, node, what == DO_QUOTE ? BLOCK_QUOTE : BLOCK_PULLQUOTE, NULL);
        return true;
    case DO_ASIDE:
        if (r->sticky != NO_NODE)
            return false;
        open_container(r, node, BLOCK_ASIDE, NULL);
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
        if (in_quote(r) && !(r->nfigures && r->figures[r->nfigures - 1].media != DOC_NONE)) {
            open_sticky(r, node, BLOCK_ATTRIBUTION, NULL);
            r->strip_dash = true;
            n->opened |= OPEN_STICKY;
            return true;
        }
        on_caption(r, node);
        return true;
    case DO_ATTRIBUTION:
        if (r->sticky != NO_NODE || !in_quote(r)) {
            if (r->paragraph && r->sticky == NO_NODE)
                reader_boundary(r);
            if (r->sticky != NO_NODE || !in_quote(r))
                return false;
        }
        open_sticky(r, node, BLOCK_ATTRIBUTION, NULL);
        r->strip_dash = true;
        n->opened |= OPEN_STICKY;
        return true;
    case DO_VERSE:
        if (r->sticky != NO_NODE)
            return false;
        on_verse(r, node);
        return true;
    case DO_NOTE:
        on_sidenote(r, node);
        *into = false;
        return true;
    case DO_BUTTON:
        on_button(r, node, into);
        return true;
    case DO_PREVIEW:
        on_preview(r);
        *into = false;
        return true;
    case DO_NOTICE:
        if (r->sticky != NO_NODE)
            return false;
        open_sticky(r, node, BLOCK_NOTICE, NULL);
        n->opened |= OPEN_STICKY;
        return true;
    case DO_CARD:
        if (r->sticky != NO_NODE)
            return false;
        on_card(r, node);
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
        on_break(r);
        return false;
    case TAG_HR:
        reader_boundary(r);
        if (!sticky)
            r->rule_due = true;
        return false;
    case TAG_IMG:
        on_image(r, node, (enum rule_do)n->todo);
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
            open_paragraph(r);
        doc_span_open(r->b, SPAN_MATH, DOC_NONE);
        n->note = SPAN_BIT(MATH);
        return true;
    }
    case TAG_MATH:
        if (on_math(r, node))
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
        on_link(r, node);
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
            open_sticky(r, node, BLOCK_HEADING, &at);
            doc_builder_block(r->b, at)->level = (uint8_t)(n->tag - TAG_H1 + 1);
            n->opened |= OPEN_STICKY;
        }
        return true;
    case TAG_PRE:
    case TAG_XMP:
        if (sticky)
            break;
        on_pre(r, node, false);
        return true;
    case TAG_BLOCKQUOTE: {
        // <figure class="pullquote"><blockquote>: one quotation, not two
        const struct hnode *up = n->parent == NO_NODE ? NULL : &t->nodes[n->parent];
        bool same = up && up->tag != TAG_BLOCKQUOTE &&
                    (up->todo == DO_PULLQUOTE || up->todo == DO_QUOTE) && in_quote(r);
        if (!sticky && !same)
            open_container(r, node, BLOCK_QUOTE, NULL);
        break;
    }
    case TAG_ASIDE:
    case TAG_DETAILS:
        if (!sticky)
            open_container(r, node, BLOCK_ASIDE, NULL);
        break;
    case TAG_SUMMARY:
        if (sticky)
            break;
        open_sticky(r, node, BLOCK_PARAGRAPH, NULL);
        doc_span_open(r->b, SPAN_STRONG, DOC_NONE);
        n->note = SPAN_BIT(STRONG);
        n->opened |= OPEN_STICKY;
        return true;
    case TAG_P:
        if (!sticky && is_attribution(t, node)) {
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
        if (!sticky && !holds_notes(t, node))
            on_list(r, node, n->tag == TAG_OL);
        break;
    case TAG_LI:
        if (!sticky) {
            on_item(r, node);
        } else {
            reader_boundary(r);
            if (r->sticky_kind == BLOCK_CELL)
                reader_say(r, "• ");
            return true;
        }
        break;
    case TAG_DL:
        if (!sticky) {
            uint32_t at;
            open_container(r, node, BLOCK_LIST, &at);
            doc_builder_block(r->b, at)->flags |= BLOCK_DEFINITIONS;
        }
        break;
    case TAG_DT:
        if (sticky)
            break;
        open_sticky(r, node, BLOCK_TERM, NULL);
        n->opened |= OPEN_STICKY;
        return true;
    case TAG_DD:
        if (!sticky)
            open_container(r, node, BLOCK_DEFINITION, NULL);
        break;
    case TAG_TABLE:
        if (!sticky && !(n->flags & NODE_LAYOUT))
            open_container(r, node, BLOCK_TABLE, NULL);
        break;
    case TAG_CAPTION:
        if (sticky || doc_builder_kind(r->b) != BLOCK_TABLE)
            break;
        open_sticky(r, node, BLOCK_PARAGRAPH, NULL);
        n->opened |= OPEN_STICKY;
        return true;
    case TAG_TR:
        if (!sticky && doc_builder_kind(r->b) == BLOCK_TABLE)
            on_row(r, node);
        break;
    case TAG_TD:
    case TAG_TH:
        if (!sticky && doc_builder_kind(r->b) == BLOCK_ROW) {
            on_cell(r, node);
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
        open_spans(r, node);
    return true;
}

// True: go on with what is inside.
static bool enter(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    struct hnode *n = &r->t->nodes[node];
    if (n->tag == TAG_TEXT) {
        if (n->n)
            on_text(r, t->text.data + n->at, n->n);
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
        on_mark(r, node);
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
        close_spans(r, node);
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
            close_sticky(r);
    }
    if (n->opened & (OPEN_BOUNDARY | OPEN_BLOCK | OPEN_NOTE))
        reader_boundary(r);
    if (n->opened & OPEN_FIGURE) {
        if (r->sticky == NO_NODE)
            flush_figure(r);
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

static void walk(struct html_reader *r, uint32_t top)
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

// ---- before the walk ----

static bool is_list(enum html_tag tag)
{
    return tag == TAG_UL || tag == TAG_OL;
}

// Moves a node from where it is to the end of its previous sibling: document order stays.
static void move_into(struct html_tree *t, uint32_t before, uint32_t node)
{
    struct hnode *p = &t->nodes[t->nodes[node].parent], *to = &t->nodes[before];
    // What stands between the two (blank text) is left out.
    to->next = t->nodes[node].next;
    if (p->last == node)
        p->last = before;
    t->nodes[node].next = NO_NODE;
    t->nodes[node].parent = before;
    if (to->last == NO_NODE)
        to->first = node;
    else
        t->nodes[to->last].next = node;
    to->last = node;
}

static bool only_blank_between(const struct html_tree *t, uint32_t a, uint32_t b)
{
    for (uint32_t i = t->nodes[a].next; i != b && i != NO_NODE; i = t->nodes[i].next)
        if (t->nodes[i].tag != TAG_TEXT || !is_blank(t->text.data + t->nodes[i].at, t->nodes[i].n))
            return false;
    return true;
}

struct table_facts {
    uint32_t rows, cells, heads, blocks, nested, wide; // wide: rows of two cells and more
};

// Tables that only place things on the page have other tables, blocks or a single column in them.
static void judge_tables(struct html_tree *t)
{
    uint32_t *table = mem_array(t->nnodes, sizeof *table); // 1 + index of the nearest table's facts
    struct table_facts *facts = NULL;
    uint32_t *which = NULL;
    size_t n = 0, cap = 0, which_cap = 0;
    for (uint32_t i = 1; i < t->nnodes; i++) {
        const struct hnode *k = &t->nodes[i];
        uint32_t up = table[k->parent];
        table[i] = up;
        if (k->tag == TAG_TABLE) {
            if (up)
                facts[up - 1].nested++;
            facts = mem_grow(facts, &cap, n + 1, sizeof *facts);
            which = mem_grow(which, &which_cap, n + 1, sizeof *which);
            facts[n] = (struct table_facts){0};
            which[n] = i;
            table[i] = (uint32_t)++n;
            continue;
        }
        if (!up)
            continue;
        struct table_facts *f = &facts[up - 1];
        if (k->tag == TAG_TR) {
            f->rows++;
            f->wide += count_children(t, i, TAG_TD) + count_children(t, i, TAG_TH) > 1;
        } else if (k->tag == TAG_TD || k->tag == TAG_TH) {
            f->cells++;
            f->heads += k->tag == TAG_TH;
            if (k->tag == TAG_TD && count_children(t, i, TAG_P) > 1)
                f->blocks++;
        } else if (k->tag == TAG_CAPTION || k->tag == TAG_THEAD) {
            f->heads++;
        } else if (k->tag == TAG_IMG || k->tag == TAG_PRE || k->tag == TAG_BLOCKQUOTE ||
                   k->tag == TAG_HR || (k->tag >= TAG_H1 && k->tag <= TAG_H6) || k->tag == TAG_UL ||
                   k->tag == TAG_OL || k->tag == TAG_FIGURE || k->tag == TAG_IFRAME) {
            f->blocks++;
        }
        if (k->flags & NODE_NOTE)
            f->nested++;
    }
    for (size_t i = 0; i < n; i++) {
        const struct table_facts *f = &facts[i];
        const char *role = html_attr(t, which[i], ATTR_ROLE);
        bool layout = (role && (strcmp(role, "presentation") == 0 || strcmp(role, "none") == 0)) ||
                      f->nested ||
                      (!f->heads && (f->rows < 2 || !f->wide || f->blocks * 4 > f->cells)) ||
                      t->nodes[which[i]].todo == DO_FIGURE;
        if (layout)
            t->nodes[which[i]].flags |= NODE_LAYOUT;
    }
    free(table);
    free(facts);
    free(which);
}

static void prepare(struct html_reader *r)
{
    struct html_tree *t = r->t;
    for (uint32_t i = 1; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_TEXT)
            continue;
        if (n->n || n->tag == TAG_NAV || n->tag == TAG_FORM || n->tag == TAG_DIALOG)
            n->todo = (uint8_t)rules_match(r->rules, t, i);
        if (n->todo == DO_DROP ||
            (t->page && (n->tag == TAG_HEAD || n->tag == TAG_HEADER || n->tag == TAG_FOOTER) &&
             t->nodes[n->parent].tag != TAG_BLOCKQUOTE))
            n->flags |= NODE_SKIP;
    }
    // Siblings to be put in order; a previous element is looked for once for each parent.
    uint32_t *previous =
        mem_array(t->nnodes, sizeof *previous); // by parent: its last element so far
    memset(previous, 0xFF, t->nnodes * sizeof *previous);
    for (uint32_t i = 1; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_TEXT)
            continue;
        uint32_t parent = n->parent, before = previous[parent];
        previous[parent] = i;
        enum html_tag up = (enum html_tag)t->nodes[parent].tag;
        if (before == NO_NODE) {
            continue;
        } else if (is_list(n->tag) && is_list(up) && t->nodes[before].tag == TAG_LI) {
            if (only_blank_between(t, before, i)) { // <ul><li>a</li><ul>...: part of the item
                move_into(t, before, i);
                previous[parent] = before;
            }
        } else if (n->tag == TAG_FIGCAPTION && t->nodes[before].tag == TAG_BLOCKQUOTE) {
            if (only_blank_between(t, before, i)) {
                move_into(t, before, i);
                previous[parent] = before;
            }
        } else if (n->todo == DO_NOTE &&
                   (t->nodes[before].tag == TAG_SUP || t->nodes[before].tag == TAG_LABEL)) {
            t->nodes[before].flags |= NODE_SKIP; // its mark is made with the text
        } else if (n->tag == TAG_NOSCRIPT && t->nodes[before].tag == TAG_IMG) {
            n->flags |= NODE_SKIP; // the same picture again
        }
        if (up == TAG_FIGURE && t->nodes[before].tag == TAG_FIGCAPTION &&
            before == t->nodes[parent].first && n->next == NO_NODE &&
            t->nodes[before].next == i) { // caption first: picture first
            t->nodes[parent].first = i;
            n->next = before;
            t->nodes[before].next = NO_NODE;
            t->nodes[parent].last = before;
        }
    }
    free(previous);
}

static struct doc *read_html(const char *html, size_t len, const struct doc_source *src,
                             struct doc_builder *b, bool markdown, bool cut)
{
    struct html_tree tree = {.markdown = markdown};
    struct buf own = {0};
    bool too_long;
    if (!html)
        html = "", len = 0;
    html = html_prepare(html, &len, &own, &too_long);
    cut = cut || too_long;
    html_tree_parse(&tree, html, len);
    buf_free(&own);
    struct rule_index *rules = rules_new();
    struct html_reader r = {.b = b,
                            .t = &tree,
                            .base = src ? src->url : NULL,
                            .src = src,
                            .rules = rules,
                            .sticky = NO_NODE};
    if (tree.page)
        html_head(&tree, r.b);
    if (!r.base)
        r.base = doc_builder_doc(r.b)->url;
    prepare(&r);
    size_t n;
    struct html_note *found = html_notes(&tree, r.base, &n);
    judge_tables(&tree);
    r.found = found;
    r.notes = mem_array(n, sizeof *r.notes);
    for (size_t i = 0; i < n; i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        r.notes[i] = doc_add_note(r.b, *found[i].label ? found[i].label : number);
    }
    uint32_t root = html_essay(&tree);
    tree.nodes[root].flags &= (uint8_t)~NODE_SKIP;
    tree.nodes[root].todo = DO_NOTHING;
    walk(&r, root);
    reader_boundary(&r);
    flush_side(&r);
    if (r.more_text)
        on_preview(&r);
    if (cut || tree.cut) {
        static const char notice[] =
            "The rest was cut off: the page is larger, or more broken, than Lectern reads.";
        doc_open(r.b, BLOCK_NOTICE);
        doc_text(r.b, notice, sizeof notice - 1);
        doc_close(r.b);
    }
    struct doc *d = doc_finish(r.b);
    free(r.more_text);
    free(r.more_url);
    free(r.notes);
    free(found);
    free(r.figures);
    free(r.lists);
    free(r.items);
    free(r.links);
    free(r.rtl);
    free(r.later_figures);
    free(r.side);
    buf_free(&r.url);
    buf_free(&r.scratch);
    rules_free(rules);
    html_tree_free(&tree);
    return d;
}

struct doc *doc_from_html(const char *html, size_t len, const struct doc_source *src)
{
    return read_html(html, len, src, doc_builder_new(), false, false);
}

struct doc *html_from_markdown(const char *html, size_t len, const struct doc_source *src,
                               struct doc_builder *b, bool cut)
{
    return read_html(html, len, src, b, true, cut);
}
