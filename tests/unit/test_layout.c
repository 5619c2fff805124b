// What setting and paging promise, at every width from 1 to 200, on random documents: nothing wider
// than the measure, nothing lost, nothing invented, order kept, places kept, pages that begin and
// end well.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/docs.h"
#include "../support/layout_check.h"
#include "lectern/layout.h"
#include "lectern/page.h"
#include "lectern/utf8.h"

// Under the sanitizers all of it would take minutes: they look at a part, evenly spread.
#ifdef __SANITIZE_ADDRESS__
enum { EVERY = 5 };
#else
enum { EVERY = 1 };
#endif

static struct layout_opts options(int width, int variant)
{
    return (struct layout_opts){.width = width,
                                .ascii = variant & 1,
                                .justify = variant & 2,
                                .first_fit = variant & 4,
                                .indent = variant & 8,
                                .bidi_off = variant & 16,
                                .to_right = variant & 16};
}

static void every_width_keeps_its_promises(void **state)
{
    (void)state;
    for (int width = 1; width <= 200; width++) {
        for (int k = 0; k < (EVERY > 1 ? 1 : 4); k++) {
            uint32_t seed = (uint32_t)(width * 4 + k);
            struct doc *d = docs_random(seed);
            struct err e = ERR_INIT;
            if (!doc_check(d, &e))
                fail_msg("document %u: %s", seed, e.msg);
            struct layout_opts o = options(width, (int)seed % 32);
            struct layout *l = layout_new(d, &o);
            if (!layout_check(l, &o, &e) || !steps_check(l, &o, seed, &e))
                fail_msg("document %u at width %d: %s", seed, width, e.msg);
            layout_free(l);
            doc_free(d);
        }
    }
}

// Small texts that once broke a promise, at every small width.
static void odd_texts_keep_them_too(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<p dir=rtl>\xd7\xa9 \xd6\xb0 &#x301;",    // marks with no letter to stand on
        "<a dir=rtl>\xe3\x80\x8d&#820;",           // a mirrored bracket with a mark
        "\xd8\x88\xe3\x80\x8d&#x5B0;",             // a sign, a bracket and a mark
        "&#x600;\xd9\x84\xd8\xa7 &#x600;\xd8\xb1", // a sign before its letter, both read apart
        "<p>[1] \xe2\x80\xa1 &#x202F why? \xe2\x80\x9d", // blanks that break beside ones that do
                                                         // not
        "<p>&#x5B0;<p>caf\xc3\xa9 and more of it",       // begins with a line that shows nothing
        "<pre data-verse>F\xe3\x80\x82&#xAD;\n\n o",
        "<table><tr><td rowspan=2>&#x3000;letter of<td>;<tr><td>\xe6\x9c\x88 letter C+l</table>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct doc_source src = {0};
        struct doc *d = doc_from_html(texts[i], strlen(texts[i]), &src);
        for (int width = 1; width <= 24; width++)
            for (int variant = 0; variant < 16; variant++) {
                struct layout_opts o = options(width, variant);
                struct layout *l = layout_new(d, &o);
                struct err e = ERR_INIT;
                if (!layout_check(l, &o, &e) || !pages_check(l, 1 + variant % 5, &e))
                    fail_msg("text %zu at width %d, variant %d: %s", i, width, variant, e.msg);
                layout_free(l);
            }
        doc_free(d);
    }
}

static void at_every_width(uint32_t seed)
{
    struct doc *d = docs_random(seed);
    for (int width = 1; width <= 200; width += EVERY) {
        for (int variant = 0; variant < 20; variant += variant == 3 ? 13 : 1) {
            struct layout_opts o = options(width, variant);
            struct layout *l = layout_new(d, &o);
            struct err e = ERR_INIT;
            if (!layout_check(l, &o, &e))
                fail_msg("width %d, variant %d: %s", width, variant, e.msg);
            layout_free(l);
        }
    }
    doc_free(d);
}

static void one_document_at_every_width(void **state)
{
    (void)state;
    at_every_width(77);
    at_every_width(13); // from the right
}

// What is found in the document is found on the lines: for every letter, one place, and the letters
// of a line side by side.
static void letters_are_found_on_lines(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 40; seed++) {
        struct doc *d = docs_random(seed);
        struct layout_opts o = options(40, 0);
        struct layout *l = layout_new(d, &o);
        for (size_t i = 0; i < l->nruns; i++) {
            const struct run *r = &l->runs[i];
            int col, cols, sum = 0;
            if (r->off == DOC_NONE)
                continue;
            uint32_t end = r->off + (r->stands ? r->stands : r->len);
            assert_true(layout_run_find(l, r, r->off, end, &col, &cols));
            if (col)
                fail_msg("document %u run %zu", seed, i);
            assert_int_equal(cols, r->cols);
            assert_false(layout_run_find(l, r, end, end + 9, &col, &cols));
            if (r->stands && !(r->flags & RUN_RTL))
                continue;
            int before = r->flags & RUN_RTL ? r->cols : 0;
            for (uint32_t at = r->off; at < end;) {
                uint32_t n = (uint32_t)utf8_cluster(d->text + at, end - at);
                assert_true(layout_run_find(l, r, at, at + n, &col, &cols));
                if (r->flags & RUN_RTL && cols) { // the alef of a ligature is where its lam is
                    assert_true(col + cols == before || col == before);
                    sum += col + cols == before ? cols : 0;
                    before = col;
                } else if (cols) {
                    assert_int_equal(col, before);
                    before += cols;
                    sum += cols;
                }
                at += n;
            }
            assert_int_equal(sum, r->cols);
        }
        layout_free(l);
        doc_free(d);
    }
}

// The place of a line, looked up at another width, is on the line that is found there.
static void places_survive_other_widths(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 20; seed++) {
        struct doc *d = docs_random(seed);
        struct layout *ls[6];
        static const int widths[6] = {3, 20, 40, 68, 80, 200};
        for (int w = 0; w < 6; w++) {
            struct layout_opts o = options(widths[w], 0);
            ls[w] = layout_new(d, &o);
        }
        for (int a = 0; a < 6; a++)
            for (size_t i = 0; i < ls[a]->nlines; i++) {
                if (ls[a]->lines[i].flags & LINE_BLANK)
                    continue;
                uint32_t off = ls[a]->lines[i].off;
                for (int b = 0; b < 6; b++) {
                    size_t j = layout_line_at(ls[b], off);
                    assert_true(j < ls[b]->nlines);
                    assert_false(ls[b]->lines[j].flags & LINE_BLANK);
                    assert_true(ls[b]->lines[j].off <= off);
                    for (size_t k = j + 1; k < ls[b]->nlines; k++)
                        if (!(ls[b]->lines[k].flags & LINE_BLANK)) {
                            assert_true(ls[b]->lines[k].off > off);
                            break;
                        }
                }
            }
        for (int w = 0; w < 6; w++)
            layout_free(ls[w]);
        doc_free(d);
    }
}

static void pages_of(const struct doc *d, uint32_t seed, int width, int height)
{
    struct layout_opts o = options(width, (int)seed % 16);
    struct layout *l = layout_new(d, &o);
    struct err e = ERR_INIT;
    if (!pages_check(l, height, &e))
        fail_msg("document %u, width %d, height %d: %s", seed, width, height, e.msg);
    layout_free(l);
}

static void pages_of_every_height(void **state)
{
    (void)state;
    static const int heights[] = {1, 2, 3, 8, 23, 1000};
    for (uint32_t seed = 100; seed < 112; seed++) {
        struct doc *d = docs_random(seed);
        for (int width = 10; width <= 100; width += 30)
            for (size_t h = 0; h < sizeof heights / sizeof *heights; h++)
                pages_of(d, seed, width, heights[h]);
        for (int height = 3; height <= 60 && seed < 103; height++)
            pages_of(d, seed, 20 + (int)seed % 4 * 16, height);
        doc_free(d);
    }
    for (uint32_t width = 1; width <= 200; width += EVERY) {
        struct doc *d = docs_random(width);
        for (int height = 3 + (int)width % 29; height <= 60; height += 29)
            pages_of(d, width, (int)width, height);
        doc_free(d);
    }
}

// Forty rows below a head, on pages of twelve lines.
static void heads_of_tables_come_again(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    doc_open(b, BLOCK_PARAGRAPH);
    doc_text(b, "Before", 6);
    doc_close(b);
    doc_open(b, BLOCK_TABLE);
    for (int y = 0; y <= 40; y++) {
        uint32_t row = doc_open(b, BLOCK_ROW);
        if (y == 0)
            doc_builder_block(b, row)->flags |= BLOCK_HEADER;
        for (int x = 0; x < 2; x++) {
            char cell[16];
            int n = snprintf(cell, sizeof cell, y ? "%d.%d" : "Head %d", y ? y : x, x);
            doc_open(b, BLOCK_CELL);
            doc_text(b, cell, (size_t)n);
            doc_close(b);
        }
        doc_close(b);
    }
    doc_close(b);
    doc_open(b, BLOCK_PARAGRAPH);
    doc_text(b, "After", 5);
    doc_close(b);
    struct doc *d = doc_finish(b);
    struct layout_opts o = options(60, 0);
    struct layout *l = layout_new(d, &o);
    struct pages *p = pages_new(l, 12);
    struct err e = ERR_INIT;
    assert_true(pages_check(l, 12, &e));
    // "Before", a blank, head, rule, rows 1 to 8; then ten rows a page below head and rule.
    assert_int_equal(p->n, 5);
    for (size_t i = 0; i < p->n; i++) {
        size_t head = 0, n = page_head(l, p->tops[i], 12, &head);
        assert_int_equal(n, i == 0 ? 0 : 2);
        assert_int_equal(p->tops[i], i == 0 ? 0 : 2 + 10 * i);
        if (n)
            assert_int_equal(head, 2);
    }
    // Nothing is repeated where a third of the page is less than it.
    size_t head;
    assert_int_equal(page_head(l, 20, 5, &head), 0);
    assert_int_equal(page_head(l, 20, 6, &head), 2);
    // Line by line: past the head at once, for it stays; and the same way back.
    static const struct {
        size_t top;
        bool bare;
        size_t down;
        bool down_bare;
    } steps[] = {{1, false, 2, false},   {2, false, 5, false},  {5, false, 6, false},
                 {42, false, 43, false}, {43, false, 42, true}, {42, true, 43, true},
                 {43, true, 44, false},  {44, false, 45, false}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bool bare = steps[i].bare;
        assert_int_equal(page_down(l, steps[i].top, 12, &bare), steps[i].down);
        assert_int_equal(bare, steps[i].down_bare);
        assert_int_equal(page_up(l, steps[i].down, 12, &bare), steps[i].top);
        assert_int_equal(bare, steps[i].bare);
    }
    bool bare = false;
    assert_int_equal(page_up(l, 0, 12, &bare), 0);
    pages_free(p);
    layout_free(l);
    doc_free(d);
}

static void an_empty_document_is_a_page(void **state)
{
    (void)state;
    struct doc *d = doc_finish(doc_builder_new());
    struct layout_opts o = options(80, 0);
    struct layout *l = layout_new(d, &o);
    assert_int_equal(l->nlines, 0);
    assert_int_equal(layout_line_at(l, 0), 0);
    assert_int_equal(page_end(l, 0, 24), 0);
    assert_int_equal(page_prev(l, 0, 24), 0);
    struct pages *p = pages_new(l, 24);
    assert_int_equal(p->n, 1);
    assert_int_equal(pages_at(p, 5), 0);
    pages_free(p);
    layout_free(l);
    o.head = (struct layout_head){"Title", "", NULL};
    l = layout_new(d, &o);
    assert_int_equal(l->nlines, 1);
    layout_free(l);
    doc_free(d);
}

static void bylines_break_between_facts(void **state)
{
    (void)state;
    static const struct {
        const char *byline;
        int width;
        const char *want;
    } table[] = {
        {"Ada Writer \xc2\xb7 Slow Letters \xc2\xb7 2 min", 80,
         "Ada Writer \xc2\xb7 Slow Letters \xc2\xb7 2 min\n"},
        {"Ada Writer \xc2\xb7 Slow Letters \xc2\xb7 2 min", 29,
         "Ada Writer \xc2\xb7 Slow Letters\n2 min\n"},
        {"Ada Writer \xc2\xb7 Slow Letters \xc2\xb7 2 min", 22,
         "Ada Writer\nSlow Letters \xc2\xb7 2 min\n"},
        {"Ada Writer - Slow Letters - 2 min", 22, "Ada Writer\nSlow Letters - 2 min\n"},
        {"Ada Writer", 6, "Ada\nWriter\n"},
    };
    struct doc *d = doc_from_text("", 0, NULL);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct layout_opts o = {.width = 100, .measure = table[i].width};
        o.head.byline = table[i].byline;
        struct layout *l = layout_new(d, &o);
        struct buf got = {0};
        for (size_t k = 0; k < l->nlines; k++) {
            layout_line_text(l, k, &got);
            buf_char(&got, '\n');
        }
        assert_int_equal(l->measure, table[i].width);
        assert_string_equal(buf_cstr(&got), table[i].want);
        buf_free(&got);
        layout_free(l);
    }
    doc_free(d);
}

static void margins_shrink_with_the_screen(void **state)
{
    (void)state;
    static const struct {
        int width, measure, want_measure, want_margin;
    } table[] = {
        {80, 0, 68, 6}, {200, 0, 68, 66}, {80, 100, 72, 4}, {72, 0, 64, 4},
        {40, 0, 36, 2}, {30, 0, 28, 1},   {20, 0, 20, 0},   {1, 0, 1, 0},
        {0, 0, 1, 0},   {-5, -5, 1, 0},   {80, 40, 40, 20},
    };
    struct doc *d = docs_random(1);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct layout_opts o = {.width = table[i].width, .measure = table[i].measure};
        struct layout *l = layout_new(d, &o);
        assert_int_equal(l->measure, table[i].want_measure);
        assert_int_equal(l->margin, table[i].want_margin);
        layout_free(l);
    }
    doc_free(d);
}

// The same words, less ragged than taking what fits.
static void optimum_is_no_more_ragged(void **state)
{
    (void)state;
    struct doc *d = docs_essay(60000);
    long ragged[2] = {0};
    size_t lines[2];
    for (int k = 0; k < 2; k++) {
        struct layout_opts o = options(80, k ? 4 : 0);
        struct layout *l = layout_new(d, &o);
        lines[k] = l->nlines;
        for (size_t i = 0; i < l->nlines; i++) {
            const struct line *n = &l->lines[i];
            if (n->flags & (LINE_BLANK | LINE_LAST | LINE_HEADING))
                continue;
            long cols = n->indent;
            for (uint32_t r = 0; r < n->nruns; r++)
                cols += l->runs[n->run + r].cols;
            long lack = l->measure - cols;
            ragged[k] += lack * lack * lack;
        }
        layout_free(l);
    }
    assert_true(ragged[0] < ragged[1] * 9 / 10);
    assert_true(lines[0] <= lines[1] + lines[1] / 50);
    doc_free(d);
}

static void hostile_documents_end(void **state)
{
    (void)state;
    // One word of a megabyte, one syllable of 100,000 marks, 50,000 breaks, a table of 40,000
    // cells.
    struct doc_builder *b = doc_builder_new();
    struct buf t = {0};
    for (int i = 0; i < 1000000; i++)
        buf_char(&t, 'a');
    doc_open(b, BLOCK_PARAGRAPH);
    doc_text(b, t.data, t.len);
    doc_close(b);
    buf_clear(&t);
    buf_char(&t, 'e');
    for (int i = 0; i < 100000; i++)
        buf_utf8(&t, 0x301);
    doc_open(b, BLOCK_PARAGRAPH);
    doc_text(b, t.data, t.len);
    for (int i = 0; i < 50000; i++) {
        doc_break(b);
        doc_text(b, "x", 1);
    }
    doc_close(b);
    // Tabs without end on one line, and pieces without columns.
    doc_open(b, BLOCK_CODE);
    for (int i = 0; i < 100000; i++)
        doc_text(b, "\tx", 2);
    doc_close(b);
    doc_open(b, BLOCK_PARAGRAPH);
    for (int i = 0; i < 100000; i++) {
        doc_text(b, "\xcc\x81\xe2\x80\x8b", 5);
        if (i % 20000 == 0)
            doc_text(b, "word", 4);
    }
    doc_close(b);
    doc_open(b, BLOCK_TABLE);
    for (int y = 0; y < 2000; y++) {
        doc_open(b, BLOCK_ROW);
        for (int x = 0; x < 20; x++) {
            doc_open(b, BLOCK_CELL);
            doc_text(b, "cell", 4);
            doc_close(b);
        }
        doc_close(b);
    }
    doc_close(b);
    buf_free(&t);
    struct doc *d = doc_finish(b);
    static const int widths[] = {1, 20, 80};
    for (size_t i = 0; i < 3; i++) {
        struct layout_opts o = options(widths[i], (int)i);
        struct layout *l = layout_new(d, &o);
        struct err e = ERR_INIT;
        if (!layout_check(l, &o, &e))
            fail_msg("width %d: %s", widths[i], e.msg);
        layout_free(l);
    }
    doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_width_keeps_its_promises),
        cmocka_unit_test(odd_texts_keep_them_too),
        cmocka_unit_test(one_document_at_every_width),
        cmocka_unit_test(letters_are_found_on_lines),
        cmocka_unit_test(places_survive_other_widths),
        cmocka_unit_test(pages_of_every_height),
        cmocka_unit_test(heads_of_tables_come_again),
        cmocka_unit_test(an_empty_document_is_a_page),
        cmocka_unit_test(margins_shrink_with_the_screen),
        cmocka_unit_test(bylines_break_between_facts),
        cmocka_unit_test(optimum_is_no_more_ragged),
        cmocka_unit_test(hostile_documents_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
