// Which spans an element opens: by its name, or by what its style says (editors write bold as
// <span style="font-weight:700">, and <b style="font-weight:normal"> around whole documents).
#include "html_reader.h"

#include <string.h>
#include <strings.h>

static bool style_says(const char *style, const char *name, const char *const *values)
{
    const char *s = style;
    size_t n = strlen(name);
    while ((s = strstr(s, name))) {
        bool whole = s == style || strchr("; \t\n", s[-1]); // Word has "mso-bidi-font-weight"
        s += n;
        if (!whole)
            continue;
        while (*s == ' ' || *s == ':')
            s++;
        for (size_t i = 0; values[i]; i++)
            if (strncasecmp(s, values[i], strlen(values[i])) == 0)
                return true;
    }
    return false;
}

static bool holds_mark(const struct html_tree *t, uint32_t node)
{
    for (uint32_t i = html_next(t, node, node, true); i != NO_NODE; i = html_next(t, i, node, true))
        if (t->nodes[i].flags & NODE_MARK)
            return true;
    return false;
}

static uint32_t spans_of(const struct html_reader *r, uint32_t node)
{
    static const char *const bold[] = {"bold", "600", "700", "800", "900", NULL},
                             *const plain[] = {"normal", "400", NULL},
                             *const italic[] = {"italic", "oblique", NULL},
                             *const through[] = {"line-through", NULL},
                             *const super[] = {"super", NULL}, *const sub[] = {"sub", NULL};
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
        if (style_says(style, "vertical-align", super) && !(r->t->nodes[node].flags & NODE_MARK) &&
            !holds_mark(r->t, node))
            set |= SPAN_BIT(SUP);
        else if (style_says(style, "vertical-align", sub))
            set |= SPAN_BIT(SUB);
    }
    if (r->sticky != NO_NODE && r->sticky_kind == BLOCK_HEADING)
        set &= ~SPAN_BIT(STRONG); // a heading is strong as it is
    return set;
}

void reader_spans(struct html_reader *r, uint32_t node)
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

void reader_end_spans(struct html_reader *r, uint32_t node)
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
