// Words found again: properties over texts that are changed in every way a writer changes them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/anchor.h"
#include "lectern/buf.h"
#include "lectern/utf8.h"

static const char *const words[] = {
    "letter",  "harbour", "slow",    "the",     "of",     "margin",    "and",      "editor's",
    "paper",   "evening", "reads",   "quietly", "a",      "postcard",  "return",   "ink",
    "winter",  "naïve",   "café",    "in",      "to",     "timetable", "ferry",    "nobody",
    "écrit",   "日本語",  "余白",    "light",   "island", "without",   "answered", "under",
    "morning", "written", "between", "lines",   "old",    "grey",      "window",   "said"};

static unsigned seed;
static unsigned dice(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 12) % n;
}

static void sentence(struct buf *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? " " : "", words[dice(sizeof words / sizeof *words)]);
    buf_str(out, dice(4) ? ". " : ".\n");
}

static void essay(struct buf *out, unsigned sentences)
{
    while (sentences--)
        sentence(out, 4 + dice(14));
}

static bool first_byte(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

struct mark {
    struct arena *a;
    struct anchor anchor;
    size_t len;
};

// Words [from, to) of a text, remembered.
static struct mark mark(const struct buf *text, size_t from, size_t to)
{
    struct mark m = {arena_new(), {.from = (uint32_t)from}, to - from};
    m.anchor.quote = arena_strndup(m.a, text->data + from, to - from);
    anchor_around(text->data, text->len, (uint32_t)from, (uint32_t)to, m.a, &m.anchor.before,
                  &m.anchor.after);
    return m;
}

// Whole words somewhere in it, `n` bytes about.
static struct mark mark_some(const struct buf *text, size_t n)
{
    size_t from = dice((unsigned)(text->len - n - 40)), to;
    while (from && !strchr(" \n", text->data[from - 1]))
        from--;
    for (to = from + n; to < text->len && !strchr(" \n", text->data[to]); to++)
        ;
    return mark(text, from, to);
}

static enum anchored find(const struct buf *text, const struct mark *m, uint32_t *from,
                          uint32_t *to)
{
    struct anchors *t = anchors_new(text->data, text->len);
    *from = *to = 12345678;
    enum anchored found = anchor_find(t, &m->anchor, from, to);
    anchors_free(t);
    if (found) {
        assert_true(*from < *to && *to <= text->len);
        assert_true(first_byte(text->data[*from]));
        assert_true(*to == text->len || first_byte(text->data[*to]));
    } else {
        assert_int_equal(*from, 12345678);
    }
    return found;
}

static void what_was_not_changed_is_there(void **state)
{
    (void)state;
    for (seed = 1; seed < 200;) {
        struct buf text = {0};
        unsigned was = seed;
        essay(&text, 40);
        struct mark m = mark_some(&text, 1 + dice(300));
        uint32_t from, to;
        assert_int_equal(find(&text, &m, &from, &to), ANCHOR_THERE);
        assert_int_equal(from, m.anchor.from);
        assert_int_equal(to - from, m.len);
        arena_free(m.a);
        buf_free(&text);
        seed = was + 1;
    }
}

static void they_move_with_their_words(void **state)
{
    (void)state;
    for (unsigned round = 1; round < 300; round++) {
        struct buf text = {0}, now = {0};
        seed = round;
        essay(&text, 60);
        struct mark m = mark_some(&text, 10 + dice(400));
        // A sentence or several come in before it, others go.
        size_t cut = dice((unsigned)m.anchor.from + 1), more = cut + dice(80);
        while (cut && text.data[cut - 1] != ' ')
            cut--;
        while (more < m.anchor.from && text.data[more] != ' ')
            more++;
        if (more > m.anchor.from)
            more = m.anchor.from;
        buf_add(&now, text.data, cut);
        essay(&now, dice(6));
        size_t at = now.len + (m.anchor.from - more);
        buf_add(&now, text.data + more, text.len - more);
        uint32_t from, to;
        enum anchored found = find(&now, &m, &from, &to);
        if (found != ANCHOR_MOVED && found != ANCHOR_THERE)
            fail_msg("round %u: %d of \"%s\"", round, (int)found, m.anchor.quote);
        assert_int_equal(from, at);
        assert_int_equal(to - from, m.len);
        arena_free(m.a);
        buf_free(&text);
        buf_free(&now);
    }
}

// The same words as another typesetter sets them.
static void typeset(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] == ' ' && dice(3) == 0)
            buf_str(out, dice(2) ? "\n" : "\xC2\xA0");
        else if (s[i] == '\'')
            buf_str(out, "\xE2\x80\x99");
        else if (s[i] >= 'a' && s[i] <= 'z' && dice(20) == 0)
            buf_printf(out, "%c", s[i] - 32);
        else if (s[i] == 'e' && dice(4) == 0)
            buf_str(out, "e\xC2\xAD");
        else
            buf_add(out, s + i, 1);
    }
}

static void the_shape_of_letters_does_not_matter(void **state)
{
    (void)state;
    for (unsigned round = 1; round < 200; round++) {
        struct buf text = {0}, now = {0};
        seed = round;
        essay(&text, 50);
        struct mark m = mark_some(&text, 40 + dice(300));
        typeset(&now, text.data, m.anchor.from);
        size_t begin = now.len;
        typeset(&now, text.data + m.anchor.from, m.len);
        size_t end = now.len;
        typeset(&now, text.data + m.anchor.from + m.len, text.len - m.anchor.from - m.len);
        uint32_t from, to;
        if (!find(&now, &m, &from, &to))
            fail_msg("round %u: \"%s\"", round, m.anchor.quote);
        assert_int_equal(from, begin);
        assert_true(to <= end + 2 && to + 2 >= end); // a soft hyphen at its end
        arena_free(m.a);
        buf_free(&text);
        buf_free(&now);
    }
}

// One word in ten is another one, or gone.
static void edit(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t end = i;
        while (end < len && !strchr(" \n", s[end]))
            end++;
        unsigned what = dice(30);
        if (what == 0)
            buf_str(out, "elsewhere");
        else if (what > 1)
            buf_add(out, s + i, end - i);
        for (i = end; i < len && strchr(" \n", s[i]); i++)
            buf_add(out, s + i, 1);
    }
}

static void small_changes_are_followed(void **state)
{
    (void)state;
    int lost = 0, rounds = 300;
    for (int round = 1; round <= rounds; round++) {
        struct buf text = {0}, now = {0};
        seed = (unsigned)round;
        essay(&text, 60);
        struct mark m = mark_some(&text, 60 + dice(900));
        essay(&now, dice(4));
        buf_add(&now, text.data, m.anchor.from);
        size_t begin = now.len;
        edit(&now, text.data + m.anchor.from, m.len);
        size_t end = now.len;
        buf_add(&now, text.data + m.anchor.from + m.len, text.len - m.anchor.from - m.len);
        uint32_t from, to;
        if (!find(&now, &m, &from, &to)) {
            lost++;
        } else { // its ends may be a word off, where the words at its ends were changed
            assert_true(from + 60 > begin && from < begin + 60);
            assert_true(to + 60 > end && to < end + 60);
        }
        arena_free(m.a);
        buf_free(&text);
        buf_free(&now);
    }
    if (lost > rounds / 50)
        fail_msg("%d of %d lost", lost, rounds);
}

static void what_was_taken_out_is_gone(void **state)
{
    (void)state;
    for (unsigned round = 1; round < 300; round++) {
        struct buf text = {0}, now = {0};
        seed = round;
        essay(&text, 60);
        struct mark m = mark_some(&text, 40 + dice(600));
        // The words go, and what was around them does as well.
        size_t low = m.anchor.from > 200 ? m.anchor.from - 200 : 0,
               high = m.anchor.from + m.len + 200;
        while (low && !first_byte(text.data[low]))
            low--;
        while (high < text.len && !first_byte(text.data[high]))
            high++;
        buf_add(&now, text.data, low);
        essay(&now, 3);
        if (high < text.len)
            buf_add(&now, text.data + high, text.len - high);
        uint32_t from, to;
        if (find(&now, &m, &from, &to))
            fail_msg("round %u: \"%s\" found as \"%.*s\"", round, m.anchor.quote, (int)(to - from),
                     now.data + from);
        arena_free(m.a);
        buf_free(&text);
        buf_free(&now);
    }
}

static uint32_t place(const char *text, const char *quote, const char *before, const char *after,
                      uint32_t from, enum anchored expected)
{
    struct buf b = {0};
    buf_str(&b, text);
    struct mark m = {NULL, {quote, before, after, from}, strlen(quote)};
    uint32_t at, to;
    enum anchored found = find(&b, &m, &at, &to);
    if (found != expected)
        fail_msg("%d and not %d: %s", (int)found, (int)expected, quote);
    buf_free(&b);
    return found ? at : 0;
}

static void what_is_around_tells_one_place_from_another(void **state)
{
    (void)state;
    static const char twice[] = "In the morning the ferry came. In the evening the ferry came.";
    assert_int_equal(place(twice, "the ferry", "In the evening ", " came.", 0, ANCHOR_MOVED), 46);
    assert_int_equal(place(twice, "the ferry", "In the morning ", " came. In", 50, ANCHOR_MOVED),
                     15);
    assert_int_equal(place(twice, "ferry", "of another ", " there are", 50, ANCHOR_GONE), 0);
    // A short text has little to tell by: all of it must agree.
    assert_int_equal(place("so it goes", "it", "so ", " goes", 3, ANCHOR_THERE), 3);
    assert_int_equal(place("and so it goes", "it", "so ", " goes", 3, ANCHOR_MOVED), 7);
    assert_int_equal(place("it went", "it", "so ", " goes", 3, ANCHOR_GONE), 0);
    place("", "it", "", "", 0, ANCHOR_GONE);
    place("text", "", "", "", 0, ANCHOR_GONE);
    place("text", "text", "", "", 4000000000u, ANCHOR_MOVED);
    place("wait... what did you say to the ferryman", "Wait\xE2\x80\xA6 what did you say", "", "",
          0, ANCHOR_FOLDED);
    assert_int_equal(place("He said that the quiet return of the letter was not quiet at all.",
                           "a quiet return of the letter", "He said that ", " was not quiet", 13,
                           ANCHOR_NEAR),
                     13);
}

// Nothing here may take long, whatever the text is made of.
static void hostile_texts(void **state)
{
    (void)state;
    enum { BIG = 1 << 20, QUOTE = 100 << 10 };
    struct buf text = {0};
    char *quote = mem_alloc(QUOTE + 1);
    memset(quote, 'a', QUOTE);
    for (int i = 0; i < BIG; i++)
        buf_char(&text, 'a');
    struct anchors *t = anchors_new(text.data, text.len);
    uint32_t from, to;
    struct anchor a = {quote, "b", "b", BIG / 2};
    assert_int_equal(anchor_find(t, &a, &from, &to), ANCHOR_THERE);
    quote[QUOTE / 2] = 'c';
    for (int i = 0; i < 10000; i++)
        anchor_find(t, &a, &from, &to);
    assert_true(anchors_tired(t));
    anchors_free(t);
    // Ten thousand in one essay, of which all moved: each is found at the first look.
    buf_clear(&text);
    seed = 7;
    essay(&text, 12000);
    struct buf now = {0};
    buf_str(&now, "A preface that was not there. ");
    buf_add(&now, text.data, text.len);
    t = anchors_new(now.data, now.len);
    size_t step = text.len / 10001;
    for (size_t i = 0; i < 10000; i++) {
        size_t begin = i * step, end = begin + step;
        while (!first_byte(text.data[begin]))
            begin++;
        while (!first_byte(text.data[end]))
            end++;
        struct mark m = mark(&text, begin, end);
        if (anchor_find(t, &m.anchor, &from, &to) < ANCHOR_MOVED)
            fail_msg("%zu: %s", i, m.anchor.quote);
        assert_true(from >= begin + 30 && from <= begin + 31); // a blank before it may be left out
        arena_free(m.a);
    }
    anchors_free(t);
    buf_free(&text);
    buf_free(&now);
    free(quote);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_not_changed_is_there),
        cmocka_unit_test(they_move_with_their_words),
        cmocka_unit_test(the_shape_of_letters_does_not_matter),
        cmocka_unit_test(small_changes_are_followed),
        cmocka_unit_test(what_was_taken_out_is_gone),
        cmocka_unit_test(what_is_around_tells_one_place_from_another),
        cmocka_unit_test(hostile_texts),
    };
    return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
