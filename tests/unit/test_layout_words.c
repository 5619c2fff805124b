// Scripts whose words are not parted by blanks: where lines of Thai, Lao, Khmer, Burmese and Korean
// end. A bar in the text says where one may, and nowhere else.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../support/layout_check.h"
#include "lectern/buf.h"
#include "lectern/layout.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

static struct doc *paragraph(const char *text)
{
    struct doc_builder *b = doc_builder_new();
    doc_open(b, BLOCK_PARAGRAPH);
    doc_text(b, text, strlen(text));
    doc_close(b);
    return doc_finish(b);
}

// Every break that is taken at some width is one of those marked, and each of them is taken at one.
static void breaks_are(const char *marked)
{
    struct buf text = {0};
    bool may[512] = {false}, did[512] = {false};
    for (const char *p = marked; *p; p++)
        if (*p == '|')
            may[text.len] = true;
        else
            buf_char(&text, *p);
    enum { WIDTH = 70 }; // columns, less and less of them left after the first word
    for (size_t used = 1; used < WIDTH; used++) {
        char before[WIDTH + 1] = "";
        memset(before, 'x', used);
        char *all = mem_printf("%s %s", before, text.data);
        struct doc *d = paragraph(all);
        struct layout_opts o = {.width = WIDTH, .measure = WIDTH, .first_fit = true};
        struct layout *l = layout_new(d, &o);
        struct err e = ERR_INIT;
        if (!layout_check(l, &o, &e))
            fail_msg("%s after %zu: %s", marked, used, e.msg);
        for (size_t i = 1; i < l->nlines; i++)
            if (l->lines[i].off > used + 1 && all[l->lines[i].off - 1] != ' ')
                did[l->lines[i].off - used - 1] = true;
        layout_free(l);
        doc_free(d);
        free(all);
    }
    for (size_t i = 0; i < text.len; i++) {
        if (did[i] && !may[i])
            fail_msg("%s: a line ends before %s", marked, text.data + i);
        if (may[i] && !did[i])
            fail_msg("%s: no line ends before %s", marked, text.data + i);
    }
    buf_free(&text);
}

static void thai_words(void **state)
{
    (void)state;
#ifdef HAVE_THAI
    breaks_are("ภาษา|ไทย|เป็น|ภาษา|ที่|ไม่|เว้น|วรรค");
    breaks_are("จดหมาย|ดีๆ ถึง|ผู้|อ่าน");
    breaks_are("เขา|บอก|ว่า “ไม่|เป็นไร”");
#else
    breaks_are("ภาษา|ไทย|เป็นภาษาที่|ไม่|เว้นวรรค");
#endif
}

static void syllables(void **state)
{
    (void)state;
    breaks_are("ພາສາລາວ|ເປັນພາສາ");
    breaks_are("ພະ|ຍາງ");
    breaks_are("ភា|សា|ខ្មែរ|ជា|ពាក្យ");
    breaks_are("မြန်|မာ|ဘာ|သာ|စ|ကား");
    breaks_are("သင်္ဘော");
    // Where the author marks the words, they are his.
    breaks_are("ភាសា\xe2\x80\x8b|ខ្មែរ\xe2\x80\x8b|ជាពាក្យ");
}

static void korean(void **state)
{
    (void)state;
    breaks_are("편|지|는 독|자|가");
    // Words are whole where that leaves no great hole.
    struct doc *d =
        paragraph("편지는 독자가 그곳에 있기를 기대한다. 1690년 겨울, 런던의 한 서적상이 "
                  "독자들에게 편지를 써 달라고 부탁했다.");
    struct layout_opts o = {.width = 34};
    struct layout *l = layout_new(d, &o);
    for (size_t i = 1; i < l->nlines; i++)
        assert_int_equal(d->text[l->lines[i].off - 1], ' ');
    layout_free(l);
    doc_free(d);
}

static void kinsoku(void **state)
{
    (void)state;
    breaks_are("「がっ|こ|う」|へ|行っ|た。|ちょっ|と、|コー|ヒー！|そ|し|て……|日々|の|５０％");
    breaks_are("中|文|（括|号）|《书|名》，|“引|号”、|破|折|号——|了|‘他’|说");
}

// Without a dictionary's help, words beyond all measure, and letters in no order.
static void anything_ends(void **state)
{
    (void)state;
    struct buf t = {0};
    uint32_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        static const uint32_t first[] = {0x0E01, 0x0E80, 0x1000, 0x1780};
        static const uint32_t count[] = {0x5A, 0x50, 0x50, 0x5D};
        seed = seed * 1664525 + 1013904223;
        uint32_t k = i < 16000 ? (uint32_t)i / 4000 : seed >> 8 & 3;
        buf_utf8(&t, first[k] + (seed >> 12) % count[k]);
    }
    for (int i = 0; i < 20000; i++)
        buf_str(&t, "กา");
    struct buf clean = {0};
    utf8_clean(&clean, t.data, t.len, UTF8_TEXT);
    struct doc *d = paragraph(buf_cstr(&clean));
    static const int widths[] = {1, 7, 68};
    for (size_t i = 0; i < 3; i++) {
        struct layout_opts o = {.width = widths[i]};
        struct layout *l = layout_new(d, &o);
        struct err e = ERR_INIT;
        if (!layout_check(l, &o, &e))
            fail_msg("width %d: %s", widths[i], e.msg);
        layout_free(l);
    }
    doc_free(d);
    buf_free(&t);
    buf_free(&clean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thai_words), cmocka_unit_test(syllables),     cmocka_unit_test(korean),
        cmocka_unit_test(kinsoku),    cmocka_unit_test(anything_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
