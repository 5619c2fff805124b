// The document builder: what it promises for calls in any order, and how notes, links and places
// come out.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/doc.h"
#include "lectern/mem.h"

static void say(struct doc_builder *b, const char *s)
{
    doc_text(b, s, strlen(s));
}

static struct doc *done(struct doc_builder *b)
{
    struct doc *d = doc_finish(b);
    struct err e = ERR_INIT;
    if (!doc_check(d, &e))
        fail_msg("%s", e.msg);
    return d;
}

static void assert_leaf(const struct doc *d, uint32_t i, enum block_kind kind, const char *text)
{
    assert_true(i < d->nblocks);
    assert_int_equal(d->blocks[i].kind, kind);
    char *got = mem_strndup(d->text + d->blocks[i].off, d->blocks[i].len);
    assert_string_equal(got, text);
    free(got);
}

static void white_space_is_single(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    doc_open(b, BLOCK_PARAGRAPH);
    say(b, " \n one\t ");
    say(b, "  two ");
    doc_break(b);
    say(b, " three\xc2\xa0");
    say(b, "four\xc2\xa0 \xc2\xa0 five \xc2\xa0");
    doc_break(b);
    doc_close(b);
    doc_open(b, BLOCK_VERSE);
    say(b, "\n\n  a  b\n");
    say(b, "\n\tc \n\n ");
    doc_close(b);
    doc_open(b, BLOCK_PARAGRAPH);
    say(b, "   ");
    doc_close(b);
    struct doc *d = done(b);
    assert_int_equal(d->nblocks, 2);
    assert_leaf(d, 0, BLOCK_PARAGRAPH,
                "one two\nthree\xc2\xa0"
                "four five");
    assert_leaf(d, 1, BLOCK_VERSE, "  a  b\n\n\tc");
    doc_free(d);
}

static void text_is_clean(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    say(b, "a\x1b[2J\xe2\x80\xae"
           "b\xff"
           "c\x07\r\nd");
    struct doc *d = done(b);
    assert_leaf(d, 0, BLOCK_PARAGRAPH,
                "a[2Jb\xef\xbf\xbd"
                "c d");
    doc_free(d);
}

static void spans_nest_and_join(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    doc_open(b, BLOCK_PARAGRAPH);
    doc_span_open(b, SPAN_STRONG, DOC_NONE);
    say(b, "ab ");
    doc_span_open(b, SPAN_EM, DOC_NONE);
    say(b, " cd");
    doc_span_close(b, SPAN_STRONG); // misnested
    say(b, "ef ");
    doc_span_close(b, SPAN_EM);
    say(b, "x");
    doc_span_open(b, SPAN_STRONG, DOC_NONE);
    say(b, "1");
    doc_span_close(b, SPAN_STRONG);
    doc_span_open(b, SPAN_STRONG, DOC_NONE);
    say(b, " 2");
    doc_close(b); // still open: goes on in the next leaf
    doc_open(b, BLOCK_PARAGRAPH);
    say(b, "3");
    doc_close(b);
    struct doc *d = done(b);
    assert_leaf(d, 0, BLOCK_PARAGRAPH, "ab cdef x1 2");
    static const struct doc_span want[] = {{SPAN_STRONG, 0, 5, 0},
                                           {SPAN_EM, 3, 2, 0},
                                           {SPAN_EM, 5, 2, 0},
                                           {SPAN_STRONG, 9, 3, 0},
                                           {SPAN_STRONG, 13, 1, 0}};
    assert_int_equal(d->nspans, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(d->spans[i].kind, want[i].kind);
        assert_int_equal(d->spans[i].off, want[i].off);
        assert_int_equal(d->spans[i].len, want[i].len);
    }
    doc_free(d);
}

static void what_is_missing_is_made(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    doc_open(b, BLOCK_CELL);
    say(b, "cell");
    doc_open(b, BLOCK_PARAGRAPH); // becomes a line of the cell
    say(b, "more");
    doc_close(b);
    doc_close(b);
    doc_open(b, BLOCK_ITEM);
    say(b, "item");
    doc_close(b);
    doc_open(b, BLOCK_TERM);
    say(b, "term");
    doc_close(b);
    struct doc *d = done(b);
    static const uint8_t want[] = {BLOCK_TABLE, BLOCK_ROW,       BLOCK_CELL, BLOCK_LIST,
                                   BLOCK_ITEM,  BLOCK_PARAGRAPH, BLOCK_LIST, BLOCK_TERM};
    assert_int_equal(d->nblocks, sizeof want);
    for (uint32_t i = 0; i < d->nblocks; i++)
        assert_int_equal(d->blocks[i].kind, want[i]);
    assert_leaf(d, 2, BLOCK_CELL, "cell\nmore");
    doc_free(d);
}

static void notes_go_to_the_end_in_order(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    uint32_t later = doc_add_note(b, "2"), first = doc_add_note(b, "1"),
             lost = doc_add_note(b, "3");
    uint32_t at = doc_open(b, BLOCK_NOTE);
    doc_builder_block(b, at)->ref = later;
    say(b, "Second note.");
    doc_close(b);
    doc_open(b, BLOCK_QUOTE);
    at = doc_open(b, BLOCK_NOTE);
    doc_builder_block(b, at)->ref = first;
    say(b, "First note.");
    doc_close(b);
    doc_close(b); // the quotation held nothing else
    doc_open(b, BLOCK_PARAGRAPH);
    uint32_t marks[] = {first, later, lost};
    for (int i = 0; i < 3; i++) {
        say(b, "word");
        doc_span_open(b, SPAN_NOTE_MARK, marks[i]);
        say(b, &"1\0002\0003"[2 * i]);
        doc_span_close(b, SPAN_NOTE_MARK);
    }
    doc_anchor(b, "end");
    say(b, " end");
    doc_close(b);
    doc_open(b, BLOCK_HEADING);
    doc_span_open(b, SPAN_LINK, doc_add_link(b, "#end", NULL));
    say(b, "up");
    doc_span_close(b, SPAN_LINK);
    doc_span_open(b, SPAN_LINK, doc_add_link(b, "#nowhere", NULL));
    say(b, "lost");
    doc_span_close(b, SPAN_LINK);
    doc_close(b);
    struct doc *d = done(b);
    assert_leaf(d, 0, BLOCK_PARAGRAPH, "word1word2word3 end");
    assert_int_equal(d->blocks[2].kind, BLOCK_NOTE);
    assert_leaf(d, 3, BLOCK_PARAGRAPH, "First note.");
    assert_leaf(d, 5, BLOCK_PARAGRAPH, "Second note.");
    assert_int_equal(d->nnotes, 2);
    assert_string_equal(d->notes[0].label, "1");
    assert_int_equal(d->notes[0].block, 2);
    assert_int_equal(d->notes[0].mark_off, 4);
    assert_int_equal(d->notes[1].mark_off, 9);
    assert_int_equal(d->nlinks, 1);
    assert_int_equal(d->links[0].target, 16);
    assert_int_equal(d->nspans, 3); // two marks, one link
    doc_free(d);
}

static void headings_leave_no_level_out(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    static const uint8_t levels[] = {4, 6, 4, 2}, want[] = {2, 3, 2, 1};
    for (int i = 0; i < 4; i++) {
        uint32_t at = doc_open(b, BLOCK_HEADING);
        doc_builder_block(b, at)->level = levels[i];
        say(b, "Head");
        doc_close(b);
    }
    struct doc *d = done(b);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(d->blocks[i].level, want[i]);
    doc_free(d);
}

static void places_find_their_leaf(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    struct doc *empty = done(doc_builder_new());
    assert_int_equal(doc_leaf_at(empty, 0), DOC_NONE);
    doc_free(empty);
    doc_open(b, BLOCK_PARAGRAPH);
    say(b, "abc"); // 0..3
    doc_close(b);
    doc_open(b, BLOCK_RULE); // 4
    doc_close(b);
    doc_open(b, BLOCK_QUOTE);
    say(b, "de"); // 5..7
    struct doc *d = done(b);
    static const uint32_t want[] = {0, 0, 0, 1, 1, 3, 3, 3, 3};
    for (uint32_t off = 0; off < 9; off++)
        assert_int_equal(doc_leaf_at(d, off), want[off]);
    assert_int_equal(d->words, 2);
    doc_free(d);
    assert_int_equal(doc_minutes(0), 1);
    assert_int_equal(doc_minutes(2300), 10);
}

static void dropping_takes_all_of_a_block(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    doc_open(b, BLOCK_PARAGRAPH);
    say(b, "stays");
    doc_close(b);
    doc_open(b, BLOCK_QUOTE);
    doc_span_open(b, SPAN_EM, DOC_NONE);
    say(b, "goes");
    doc_span_close(b, SPAN_EM);
    doc_open(b, BLOCK_PARAGRAPH);
    say(b, "goes too");
    doc_close(b);
    doc_drop(b);
    doc_open(b, BLOCK_PARAGRAPH);
    say(b, "comes");
    doc_close(b);
    struct doc *d = done(b);
    assert_int_equal(d->nblocks, 2);
    assert_int_equal(d->nspans, 0);
    assert_leaf(d, 1, BLOCK_PARAGRAPH, "comes");
    doc_free(d);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

// Whatever is called in whatever order, the check holds.
static void any_order_is_fine(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a", " ", "word and\nmore ", "\xc2\xa0", "\t x\n\n y ", "\xff\xe2\x80\xae", "1"};
    for (uint32_t round = 0; round < 6000; round++) {
        uint32_t seed = round;
        struct doc_builder *b = doc_builder_new();
        uint32_t steps = next_random(&seed) % 120, bias = next_random(&seed) % 8;
        for (uint32_t i = 0; i < steps; i++) {
            uint32_t r = next_random(&seed) % (8 + bias), k = next_random(&seed);
            if (r == 0) {
                doc_close(b);
            } else if (r == 1) {
                doc_span_open(b, k % SPAN_KIND_COUNT,
                              k % SPAN_KIND_COUNT == SPAN_LINK
                                  ? doc_add_link(b, k & 64 ? "#a" : "http://a/", NULL)
                              : k % SPAN_KIND_COUNT == SPAN_NOTE_MARK ? doc_add_note(b, "n")
                              : k % SPAN_KIND_COUNT == SPAN_LANG      ? doc_add_string(b, "de")
                                                                      : DOC_NONE);
            } else if (r == 2) {
                doc_span_close(b, k % SPAN_KIND_COUNT);
            } else if (r == 3) {
                doc_break(b);
            } else if (r == 4) {
                if (k % 3 == 0)
                    doc_anchor(b, "a");
                else if (k % 17 == 1)
                    doc_drop(b);
            } else if (r < 7) {
                const char *s = texts[k % 7];
                doc_text(b, s, strlen(s));
            } else {
                uint32_t at = doc_open(b, k % BLOCK_KIND_COUNT);
                struct doc_block *n = doc_builder_block(b, at);
                if (k % BLOCK_KIND_COUNT == BLOCK_LIST && (k & 256))
                    n->flags |= BLOCK_DEFINITIONS;
                if (k % BLOCK_KIND_COUNT == BLOCK_HEADING)
                    n->level = (uint8_t)(1 + (k >> 9) % 6);
                if (k % BLOCK_KIND_COUNT == BLOCK_NOTE)
                    n->ref = (k >> 9) % 4;
                if (k % BLOCK_KIND_COUNT == BLOCK_FIGURE && (k & 512))
                    doc_builder_block(b, at)->ref =
                        doc_add_media(b, &(struct doc_media){.url = "http://i/"});
            }
        }
        struct doc *d = doc_finish(b);
        struct err e = ERR_INIT;
        if (!doc_check(d, &e))
            fail_msg("round %u: %s", round, e.msg);
        doc_free(d);
    }
}

// A letter at a time, as the rule reads; NUL for what is neither in a word nor between two.
static uint32_t words_by_letter(const char *s)
{
    uint32_t words = 0;
    bool in = false;
    for (; *s; s++) {
        bool letter = (*s | 32) >= 'a' ? (*s | 32) <= 'z' : *s >= '0' && *s <= '9';
        words += letter && !in;
        in = letter || (in && (unsigned char)*s > ' ');
    }
    return words;
}

// White space and words come out the same wherever in the text they stand: it is read eight bytes
// at a time.
static void the_place_of_a_letter_is_the_same(void **state)
{
    (void)state;
    static const char letters[] = "aZz09 -'@[`{\x7f  ";
    uint32_t seed = 11;
    for (int round = 0; round < 4000; round++) {
        char raw[48], want[48];
        size_t len = next_random(&seed) % (sizeof raw - 1), n = 0;
        for (size_t i = 0; i < len; i++)
            raw[i] = letters[next_random(&seed) % (sizeof letters - 1)];
        for (size_t i = 0; i < len; i++)
            if (raw[i] != 0x7F && !(raw[i] == ' ' && (!n || want[n - 1] == ' ')))
                want[n++] = raw[i];
        n -= n && want[n - 1] == ' ';
        want[n] = '\0';
        struct doc_builder *b = doc_builder_new();
        doc_text(b, raw, len);
        struct doc *d = done(b);
        assert_string_equal(d->text, want);
        assert_int_equal(d->words, words_by_letter(want));
        doc_free(d);
    }
    struct doc_builder *b = doc_builder_new();
    say(b, "Straße — Eis\xc2\xa0 und Öl's 2–3 手紙は");
    struct doc *d = done(b);
    assert_int_equal(d->words, 6 + 2);
    doc_free(d);
}

static void depth_has_a_floor(void **state)
{
    (void)state;
    struct doc_builder *b = doc_builder_new();
    for (int i = 0; i < 20000; i++) {
        doc_open(b, i % 3 ? BLOCK_QUOTE : BLOCK_LIST);
        doc_span_open(b, i % SPAN_LINK, DOC_NONE);
    }
    say(b, "deep");
    for (int i = 0; i < 20000; i++)
        doc_close(b);
    struct doc *d = done(b);
    assert_true(d->nblocks <= DOC_MAX_DEPTH + 1);
    assert_leaf(d, d->nblocks - 1, BLOCK_PARAGRAPH, "deep");
    doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space_is_single),
        cmocka_unit_test(text_is_clean),
        cmocka_unit_test(spans_nest_and_join),
        cmocka_unit_test(what_is_missing_is_made),
        cmocka_unit_test(notes_go_to_the_end_in_order),
        cmocka_unit_test(headings_leave_no_level_out),
        cmocka_unit_test(places_find_their_leaf),
        cmocka_unit_test(dropping_takes_all_of_a_block),
        cmocka_unit_test(any_order_is_fine),
        cmocka_unit_test(the_place_of_a_letter_is_the_same),
        cmocka_unit_test(depth_has_a_floor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
