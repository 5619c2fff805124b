// Documents made up from a seed, the same on every machine.
#include "docs.h"

#include <stdio.h>
#include <string.h>

#include "lectern/buf.h"

struct dice {
    uint64_t state;
    bool rtl; // most words are read from the right
};

static uint32_t roll(struct dice *r, uint32_t sides)
{
    r->state = r->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(r->state >> 33) % sides;
}

static const char *const latin[] = {
    "letter",
    "the",
    "of",
    "a",
    "and",
    "in",
    "editor",
    "printed",
    "winter",
    "I",
    "post",
    "who",
    "margin",
    "quiet",
    "Athenian",
    "newsletter",
    "bookseller's",
    "correspondence",
    "well-known",
    "it\xe2\x80\x99s",
    "\xe2\x80\x9cquoted\xe2\x80\x9d",
    "word\xe2\x80\x94"
    "dash",
    "1690",
    "10\xc2\xa0km",
    "(so)",
    "end.",
    "why?",
    "no,",
    "caf\xc3\xa9",
    "stra\xc3\x9f"
    "e",
    "\xc5\x81\xc3\xb3"
    "d\xc5\xba",
    "\xd0\xbf\xd0\xb8\xd1\x81\xd1\x8c\xd0\xbc\xd0\xbe",
    "\xce\xbb\xcf\x8c\xce\xb3\xce\xbf\xcf\x82",
    "e\xcc\x81t\xc3\xa9",
    "Fern\xc2\xadmelde\xc2\xad"
    "amt",
    "\xe2\x80\xa6",
    "1914\xe2\x80\x93"
    "1918",
    "--flag",
    "a/b",
    "50%",
    "$5",
    "[sic]",
    "!",
    ":",
};
static const char *const other[] = {
    "\xe6\x9c\xac\xe3\x82\x92\xe8\xaa\xad\xe3\x82\x80\xe3\x80\x82",
    "\xe3\x80\x8c\xe6\x9c\x88\xe3\x80\x8d",
    "\xe4\xbf\xa1\xe4\xbb\xb6\xef\xbc\x8c",
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
    "\xd8\xb1\xd8\xb3\xd8\xa7\xd9\x84\xd8\xa9",
    "\xe0\xa4\xaa\xe0\xa4\xa4\xe0\xa5\x8d\xe0\xa4\xb0",
    "\xe0\xb8\x88\xe0\xb8\x94\xe0\xb8\xab\xe0\xb8\xa1\xe0\xb8\xb2\xe0\xb8\xa2",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
    "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa",
    "\xf0\x9f\x98\x80",
    "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4",
    "\xe2\x9d\xa4\xef\xb8\x8f",
    "zero\xe2\x80\x8bwidth",
    "https://example.org/a/very-long/path?with=query&and=more#fragment",
    "Donaudampfschifffahrtsgesellschaftskapitaenswitwe",
    "a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc\x8a\xcc\x8b\xcc"
    "\x8c\xcc\x8d\xcc\x8e\xcc\x8f\xcc\x90\xcc\x91",
};

static const char *const right[] = {
    "مكتوب",
    "الرسالة",
    "لأن",
    "إلا",
    "(هكذا)",
    "سنة",
    "۱۶۹۰",
    "نامه‌ها",
    "خطّ",
    "ہفتہ",
    "שלום",
    "מכתב,",
    "«ציטוט»",
    "[כך]",
    "ל־GitHub",
    "בְּרֵאשִׁית",
    "50%",
    "الآن؟",
    "C++",
    "a<b",
    "‏!",
    "3.14",
    "لا",
    "للا",
    "...",
    "و2",
    "+3",
    "#",
    "ﷺ",
    "‎abc‎",
    "≤",
    "»",
    // marks without a letter: on what they stand changes with the order
    "\xd6\xb0",
    "\xd8\x80",
    "\xcc\x81",
    "\xe2\x80\x8d",
    "\xf0\x9f\x8f\xbb",
    "\xdb\x9b",
};

static void word(struct dice *r, struct doc_builder *b)
{
    if (r->rtl && roll(r, 4)) {
        const char *w = right[roll(r, sizeof right / sizeof *right)];
        doc_text(b, w, strlen(w));
        return;
    }
    const char *w = roll(r, 9) ? latin[roll(r, sizeof latin / sizeof *latin)]
                               : other[roll(r, sizeof other / sizeof *other)];
    doc_text(b, w, strlen(w));
}

static void words(struct dice *r, struct doc_builder *b, uint32_t most, uint32_t *links,
                  uint32_t *notes)
{
    uint32_t n = 1 + roll(r, most);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            doc_text(b, " ", 1);
        uint32_t style = roll(r, 12);
        if (style >= 9 || style == SPAN_SUB || style == SPAN_SUP) {
            word(r, b);
        } else {
            doc_span_open(b, (enum span_kind)style, DOC_NONE);
            word(r, b);
            if (roll(r, 2)) {
                doc_text(b, " ", 1);
                word(r, b);
            }
            doc_span_close(b, (enum span_kind)style);
        }
        switch (roll(r, 40)) {
        case 0: {
            uint32_t link = doc_add_link(b, "https://example.org/", NULL);
            (*links)++;
            doc_text(b, " ", 1);
            doc_span_open(b, SPAN_LINK, link);
            word(r, b);
            doc_text(b, " ", 1);
            word(r, b);
            doc_span_close(b, SPAN_LINK);
            break;
        }
        case 1: {
            char label[16];
            int len = snprintf(label, sizeof label, "%u", ++*notes);
            uint32_t note = doc_add_note(b, label);
            doc_span_open(b, SPAN_NOTE_MARK, note);
            doc_text(b, label, (size_t)len);
            doc_span_close(b, SPAN_NOTE_MARK);
            break;
        }
        case 2:
            doc_break(b);
            break;
        case 3:
            doc_span_open(b, SPAN_SUP, DOC_NONE);
            doc_text(b, "2", 1);
            doc_span_close(b, SPAN_SUP);
            break;
        default:
            break;
        }
    }
}

static void blocks(struct dice *r, struct doc_builder *b, int depth, uint32_t n, uint32_t *links,
                   uint32_t *notes);

static void leaf(struct dice *r, struct doc_builder *b, enum block_kind kind, uint32_t most,
                 uint32_t *links, uint32_t *notes)
{
    uint32_t at = doc_open(b, kind);
    if (r->rtl && roll(r, 3) == 0)
        doc_builder_block(b, at)->flags |= BLOCK_RTL;
    words(r, b, most, links, notes);
    doc_close(b);
}

static void table(struct dice *r, struct doc_builder *b, uint32_t *links, uint32_t *notes)
{
    uint32_t cols = 1 + roll(r, 5), rows = 1 + roll(r, 5);
    bool head = roll(r, 3) > 0;
    doc_open(b, BLOCK_TABLE);
    for (uint32_t y = 0; y < rows; y++) {
        uint32_t row = doc_open(b, BLOCK_ROW);
        if (y == 0 && head)
            doc_builder_block(b, row)->flags |= BLOCK_HEADER;
        for (uint32_t x = 0; x < cols;) {
            uint32_t cell = doc_open(b, BLOCK_CELL);
            struct doc_block *c = doc_builder_block(b, cell);
            c->align = (uint8_t)roll(r, 4);
            c->colspan = (uint16_t)(1 + (roll(r, 8) == 0));
            c->rowspan = (uint16_t)(1 + (roll(r, 12) == 0));
            if (y == 0 && head)
                c->flags |= BLOCK_HEADER;
            x += c->colspan;
            if (roll(r, 10))
                words(r, b, roll(r, 4) ? 3 : 25, links, notes);
            doc_close(b);
        }
        doc_close(b);
    }
    doc_close(b);
}

static void lines_kept(struct dice *r, struct doc_builder *b, enum block_kind kind)
{
    doc_open(b, kind);
    uint32_t n = 1 + roll(r, 8);
    for (uint32_t i = 0; i < n; i++) {
        if (roll(r, 3) == 0)
            doc_text(b, roll(r, 2) ? "    " : "\t", roll(r, 2) ? 1 : 1);
        for (uint32_t k = roll(r, 12); k; k--) {
            word(r, b);
            if (k > 1)
                doc_text(b, roll(r, 8) ? " " : "  ", 1);
        }
        if (i + 1 < n)
            doc_break(b);
    }
    doc_text(b, "x", 1);
    doc_close(b);
}

static void block(struct dice *r, struct doc_builder *b, int depth, uint32_t *links,
                  uint32_t *notes)
{
    uint32_t kind = roll(r, depth > 0 ? 20 : 11);
    switch (kind) {
    default:
        leaf(r, b, BLOCK_PARAGRAPH, 90, links, notes);
        break;
    case 4: {
        uint32_t h = doc_open(b, BLOCK_HEADING);
        doc_builder_block(b, h)->level = (uint8_t)(1 + roll(r, 4));
        words(r, b, 12, links, notes);
        doc_close(b);
        break;
    }
    case 5:
        lines_kept(r, b, BLOCK_CODE);
        break;
    case 6:
        lines_kept(r, b, BLOCK_VERSE);
        break;
    case 7: {
        uint32_t f = doc_open(b, BLOCK_FIGURE);
        doc_builder_block(b, f)->ref =
            doc_add_media(b, &(struct doc_media){.kind = (enum media_kind)roll(r, 3)});
        if (roll(r, 3))
            words(r, b, 15, links, notes);
        doc_close(b);
        break;
    }
    case 8:
        doc_open(b, BLOCK_RULE);
        doc_close(b);
        break;
    case 9:
        leaf(r, b, roll(r, 2) ? BLOCK_CARD : BLOCK_NOTICE, 15, links, notes);
        break;
    case 10:
    case 11:
        table(r, b, links, notes);
        break;
    case 12:
    case 13: {
        doc_open(b, roll(r, 3) ? BLOCK_QUOTE : BLOCK_PULLQUOTE);
        blocks(r, b, depth - 1, 1 + roll(r, 3), links, notes);
        if (roll(r, 2))
            leaf(r, b, BLOCK_ATTRIBUTION, 6, links, notes);
        doc_close(b);
        break;
    }
    case 14:
    case 15:
    case 16: {
        uint32_t list = doc_open(b, BLOCK_LIST), items = 1 + roll(r, 12), start = roll(r, 5000);
        bool ordered = roll(r, 2), task = roll(r, 5) == 0;
        struct doc_block *l = doc_builder_block(b, list);
        l->flags |= (uint8_t)((ordered ? BLOCK_ORDERED : 0) | (roll(r, 2) ? BLOCK_LOOSE : 0));
        l->align = (uint8_t)roll(r, 5);
        l->number = (int32_t)start;
        for (uint32_t i = 0; i < items; i++) {
            uint32_t item = doc_open(b, BLOCK_ITEM);
            doc_builder_block(b, item)->number = (int32_t)(start + i);
            if (task)
                doc_builder_block(b, item)->flags |=
                    (uint8_t)(BLOCK_TASK | (roll(r, 2) ? BLOCK_CHECKED : 0));
            blocks(r, b, depth - 1, 1 + roll(r, 2), links, notes);
            doc_close(b);
        }
        doc_close(b);
        break;
    }
    case 17: {
        uint32_t list = doc_open(b, BLOCK_LIST);
        doc_builder_block(b, list)->flags |= BLOCK_DEFINITIONS;
        for (uint32_t i = 1 + roll(r, 3); i; i--) {
            leaf(r, b, BLOCK_TERM, 4, links, notes);
            doc_open(b, BLOCK_DEFINITION);
            blocks(r, b, depth - 1, 1, links, notes);
            doc_close(b);
        }
        doc_close(b);
        break;
    }
    case 18:
        doc_open(b, BLOCK_ASIDE);
        blocks(r, b, depth - 1, 2, links, notes);
        doc_close(b);
        break;
    }
}

static void blocks(struct dice *r, struct doc_builder *b, int depth, uint32_t n, uint32_t *links,
                   uint32_t *notes)
{
    for (uint32_t i = 0; i < n; i++)
        block(r, b, depth, links, notes);
}

struct doc *docs_random(uint32_t seed)
{
    struct dice r = {.state = seed * 2654435761u + 1, .rtl = seed % 5 == 3};
    struct doc_builder *b = doc_builder_new();
    uint32_t links = 0, notes = 0;
    blocks(&r, b, 3, 1 + roll(&r, 14), &links, &notes);
    uint32_t made = notes;
    for (uint32_t i = 0; i < made; i++) {
        uint32_t note = doc_open(b, BLOCK_NOTE);
        doc_builder_block(b, note)->ref = i;
        leaf(&r, b, BLOCK_PARAGRAPH, 20, &links, &notes);
        doc_close(b);
    }
    return doc_finish(b);
}

struct doc *docs_essay(uint32_t bytes)
{
    static const char *const vocabulary[] = {
        "the",
        "of",
        "and",
        "a",
        "to",
        "in",
        "he",
        "had",
        "it",
        "is",
        "letter",
        "post",
        "readers",
        "editor",
        "newsletter",
        "for",
        "hundred",
        "years",
        "one",
        "paper",
        "written",
        "answered",
        "margin",
        "always",
        "between",
        "yesterday",
        "\xe2\x80\x9cquiet\xe2\x80\x9d",
        "that",
        "was",
        "with",
        "on",
        "printer\xe2\x80\x99s",
        "they",
        "from",
        "at",
        "people",
    };
    struct dice r = {.state = 7};
    struct doc_builder *b = doc_builder_new();
    uint32_t made = 0, paragraphs = 0;
    while (made < bytes) {
        if (paragraphs++ % 12 == 11) {
            uint32_t h = doc_open(b, BLOCK_HEADING);
            doc_builder_block(b, h)->level = 2;
            doc_text(b, "What the post carried", 21);
            doc_close(b);
        }
        doc_open(b, BLOCK_PARAGRAPH);
        uint32_t n = 60 + roll(&r, 120);
        for (uint32_t i = 0; i < n; i++) {
            const char *w = vocabulary[roll(&r, sizeof vocabulary / sizeof *vocabulary)];
            bool em = roll(&r, 40) == 0;
            if (em)
                doc_span_open(b, SPAN_EM, DOC_NONE);
            doc_text(b, w, strlen(w));
            if (em)
                doc_span_close(b, SPAN_EM);
            const char *end = i + 1 == n ? "." : roll(&r, 12) ? " " : roll(&r, 2) ? ", " : ". ";
            doc_text(b, end, strlen(end));
            made += (uint32_t)(strlen(w) + strlen(end));
        }
        doc_close(b);
    }
    return doc_finish(b);
}
