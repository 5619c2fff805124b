// Columns, cells, clusters and ASCII stand-ins: what the screen and the layout both count with.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "lectern/utf8.h"

static const struct {
    const char *text;
    int cols;
    size_t cell, cluster; // bytes of the first
} texts[] = {
    {"a", 1, 1, 1},
    {"e\xcc\x81x", 2, 3, 3},        // e, combining acute
    {"\xc3\xa9t\xc3\xa9", 3, 2, 2}, // precomposed
    {"\xe6\x9c\xac\xe6\x9c\xac", 4, 3, 3},
    {"\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8x", 3, 9, 9}, // jamo: one syllable
    {"\xea\xb0\x81x", 3, 3, 3},                         // the same, precomposed
    {"\xe0\xa4\x95\xe0\xa4\xbe", 2, 3, 6},              // ka, vowel sign with a width of its own
    {"\xe0\xb8\x81\xe0\xb9\x87x", 2, 6, 6},             // Thai, mark above
    {"\xf0\x9f\x98\x80", 2, 4, 4},
    {"\xe2\x9d\xa4\xef\xb8\x8fx", 2, 6, 6}, // heart, emoji presentation: widens nothing
    {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80x", 5, 7, 11}, // woman ZWJ rocket
    {"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbdx", 5, 4, 8},              // thumb, skin tone
    {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", 4, 4, 8}, // two flags
    {"\xe2\x80\x8bx", 1, 3, 3}, // zero-width space
    {"\xef\xbf\xbd", 1, 3, 3},
    {"\xff\xff", 2, 1, 1},
};

static void columns_cells_clusters(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i].text);
        assert_int_equal(utf8_cols(texts[i].text, len), texts[i].cols);
        assert_int_equal(utf8_grapheme(texts[i].text, len), texts[i].cell);
        assert_int_equal(utf8_cluster(texts[i].text, len), texts[i].cluster);
    }
}

// Cells tile the text, their columns sum to the text's, and only the first character of a cell has
// columns.
static void cells_tile(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *s = texts[i].text;
        size_t len = strlen(s), at = 0;
        int cols = 0;
        while (at < len) {
            size_t n = utf8_grapheme(s + at, len - at);
            int c = utf8_grapheme_cols(s + at, len - at);
            assert_true(n > 0 && at + n <= len);
            assert_in_range(c, 0, 2);
            assert_int_equal(utf8_cols(s + at, n), c);
            cols += c;
            at += n;
        }
        assert_int_equal(cols, texts[i].cols);
    }
}

static void hostile_clusters_are_bounded(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_char(&b, 'a');
    for (int i = 0; i < 100000; i++)
        buf_utf8(&b, 0x300 + (uint32_t)i % 0x6F);
    assert_in_range(utf8_grapheme(b.data, b.len), 3, UTF8_CELL_MAX);
    assert_in_range(utf8_cluster(b.data, b.len), 3, UTF8_CLUSTER_MAX);
    assert_int_equal(utf8_cols(b.data, b.len), 1);
    size_t at = 0;
    while (at < b.len)
        at += utf8_grapheme(b.data + at, b.len - at);
    assert_int_equal(at, b.len);
    buf_free(&b);
}

static void *every_width(void *sum)
{
    size_t n = 0;
    for (uint32_t cp = 0x20; cp <= 0x10FFFF; cp += 3)
        n = n * 31 + (size_t)utf8_char_cols(cp);
    *(size_t *)sum = n;
    return NULL;
}

static void widths_are_the_same_in_every_thread(void **state)
{
    (void)state;
    pthread_t threads[3];
    size_t sums[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, every_width, &sums[i]), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_true(sums[0] == sums[1] && sums[1] == sums[2]);
}

static void widths_are_wcwidths_whatever_the_locale(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_ALL, "C"));
    assert_int_equal(utf8_char_cols(0x672C), 2);
    if (!setlocale(LC_ALL, "C.UTF-8"))
        return;
    for (uint32_t cp = 0x20; cp <= 0x1FFFF; cp++) {
        int w = wcwidth((wchar_t)cp);
        assert_int_equal(utf8_drawable(cp), w >= 0);
        assert_int_equal(utf8_char_cols(cp), w < 0 ? 1 : w);
    }
    setlocale(LC_ALL, "C");
}

static void fit_keeps_clusters_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int cols, used;
        size_t fit;
    } table[] = {
        {"abc", 2, 2, 2},
        {"abc", 0, 0, 0},
        {"abc", -3, 0, 0},
        {"\xe6\x9c\xac\xe6\x9c\xac", 3, 2, 3},
        {"e\xcc\x81x", 1, 1, 3},
        {"x\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", 4, 1, 1},
        {"x\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", 5, 5, 12},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int used = -1;
        assert_int_equal(utf8_fit(table[i].text, strlen(table[i].text), table[i].cols, &used),
                         table[i].fit);
        assert_int_equal(used, table[i].used);
    }
}

static void ellipsis_fits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int cols;
        bool ascii;
        const char *want;
    } table[] = {
        {"The Quiet Return", 16, false, "The Quiet Return"},
        {"The Quiet Return", 15, false, "The Quiet Retu\xe2\x80\xa6"},
        {"The Quiet Return", 11, false, "The Quiet\xe2\x80\xa6"}, // no blank before the dots
        {"The Quiet Return", 11, true, "The Quie..."},
        {"The Quiet Return", 1, false, "\xe2\x80\xa6"},
        {"The Quiet Return", 2, true, ".."},
        {"The Quiet Return", 0, false, ""},
        {"\xe6\x9c\xac\xe6\x9c\xac", 3, false, "\xe6\x9c\xac\xe2\x80\xa6"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct buf b = {0};
        utf8_ellipsize(&b, table[i].text, strlen(table[i].text), table[i].cols, table[i].ascii);
        assert_string_equal(buf_cstr(&b), table[i].want);
        buf_free(&b);
    }
}

static void ascii_stand_ins(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } table[] = {
        {"plain\n\ttext", "plain\n\ttext"},
        {"\xe2\x80\x9cQuoted\xe2\x80\x9d \xe2\x80\x94 it\xe2\x80\x99s\xe2\x80\xa6",
         "\"Quoted\" -- it's..."},
        {"caf\xc3\xa9 na\xc3\xafve Stra\xc3\x9f"
         "e \xc5\x81\xc3\xb3"
         "d\xc5\xba",
         "cafe naive Strasse Lodz"},
        {"Vi\xe1\xbb\x87t Nam", "Viet Nam"},
        {"10\xc2\xa0\xe2\x82\xac, \xc2\xbd, x\xc2\xb2", "10 EUR, 1/2, x2"},
        {"\xce\xa9\xce\xbc\xce\xad\xce\xb3\xce\xb1", "Omega"},
        {"\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0", "Moskva"},
        {"e\xcc\x81 soft\xc2\xadhyphen z\xe2\x80\x8bw", "e softhyphen zw"},
        {"\xef\xbc\xa1\xef\xbc\x92", "A2"},
        {"\xe2\x94\x82\xe2\x94\x80\xe2\x94\x8c\xe2\x96\x88", "|-+#"},
        {"\xe6\x9c\xac \xf0\x9f\x98\x80", "? :)"},
        {"bad \xff", "bad ?"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct buf b = {0};
        utf8_to_ascii(&b, table[i].in, strlen(table[i].in));
        assert_string_equal(buf_cstr(&b), table[i].out);
        buf_free(&b);
    }
}

// By language and by the letters beside: what readers of it write themselves when they must.
static void ascii_of_languages(void **state)
{
    (void)state;
    static const struct {
        const char *language, *in, *out;
    } table[] = {
        {"de", "Äpfel, ÜBER, Größe, naïve", "Aepfel, UEBER, Groesse, naive"},
        {"de-AT", "schön", "schoen"},
        {"sv", "Malmö", "Malmo"},
        {"da", "Ålborg, smørrebrød, rød", "Aalborg, smoerrebroed, roed"},
        {"fr", "L’œuvre, 3½ ans, ½", "L'oeuvre, 3 1/2 ans, 1/2"},
        {"el", "ΤΟ ΓΡΆΜΜΑ του, αγγελία· Ευρώπη", "TO GRAMMA tou, angelia; Europi"},
        {"ru", "Съешь щи", "Sesh' shchi"},
        {"uk", "Київ, Львів, гарний", "Kyyiv, Lviv, harnyy"},
        {"bg", "България, щука", "Balgariya, shtuka"},
        {"he", "שלום, ועולם: ציוויליזציה", "shlom, v'olm: tsiviliztsih"},
        {"ar", "الرسالة والقلم ١٦٩٠", "al-rsala walqlm 1690"},
        {"fa", "کتاب‌فروشی ۱۲", "ktabfrushi 12"},
        {"hi", "नमस्ते, प्रश्न। हिन्दी ज़रूर ३", "namaste, prashn. hindee zaroor 3"},
        {"hy", "Հայաստան", "Hayastan"},
        {"ka", "საქართველო", "sakartvelo"},
        {"vi", "Lá thư chờ người đọc", "La thu cho nguoi doc"},
        {"th", "คำถาม and คำตอบ", "? and ?"},
        {NULL, "👩‍👩‍👧 and 🇩🇪 👍🏽 😢", "* and DE (+) :("},
        {NULL, "schön", "schon"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct buf b = {0};
        size_t len = strlen(table[i].in);
        for (size_t at = 0; at < len;) {
            const char *text;
            if ((unsigned char)table[i].in[at] < 0x80) {
                buf_char(&b, table[i].in[at++]);
                continue;
            }
            at += utf8_ascii_at(table[i].in, len, at, table[i].language, &text);
            buf_str(&b, text);
        }
        assert_string_equal(buf_cstr(&b), table[i].out);
        buf_free(&b);
    }
}

static void every_stand_in_is_ascii(void **state)
{
    (void)state;
    int letters = 0;
    for (uint32_t cp = 0x20; cp <= 0x10FFFF; cp += cp < 0x30000 ? 1 : 101) {
        const char *text = utf8_ascii(cp);
        for (const char *p = text; p && *p; p++)
            assert_in_range((unsigned char)*p, 0x20, 0x7E);
        letters += cp < 0x250 && text != NULL;
    }
    assert_true(letters > 400); // Latin is covered but for a few letters of no European language
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_cells_clusters),
        cmocka_unit_test(cells_tile),
        cmocka_unit_test(hostile_clusters_are_bounded),
        cmocka_unit_test(widths_are_the_same_in_every_thread),
        cmocka_unit_test(widths_are_wcwidths_whatever_the_locale),
        cmocka_unit_test(fit_keeps_clusters_whole),
        cmocka_unit_test(ellipsis_fits),
        cmocka_unit_test(ascii_stand_ins),
        cmocka_unit_test(ascii_of_languages),
        cmocka_unit_test(every_stand_in_is_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
