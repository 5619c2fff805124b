// Words of a text as they are looked for, and where phrases of them stand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/token.h"

static void cut_and_folded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } table[] = {
        {"", ""},
        {" , . !", ""},
        {"The Quiet Return", "the quiet return"},
        {"don't, e-mail; U.S.", "don t e mail u s"},
        {"don’t l’œuvre", "don t l oeuvre"},
        {"ÉCOLE Ångström Łódź Straße ﬁn", "ecole angstrom lodz strasse fin"},
        {"cafe\xCC\x81 so\xC2\xADge", "cafe soge"}, // an accent of its own, a soft hyphen
        {"Ελλάδα ΣΟΦΟΣ σοφός", "ελλαδα σοφοσ σοφοσ"},
        {"Ещё Ёлка", "еще елка"},
        {"Việt Nam", "viet nam"},
        {"３½ ①", "312 1"},
        {"3.14 1,000", "3 14 1 000"},
        {"שָׁלוֹם مُحَمَّد", "שלום محمد"},
        {"हिन्दी भाषा", "हिन्दी भाषा"},
        {"東京都", "東京 京都 都"},
        {"東", "東"},
        {"iPhone手机壳 ok", "iphone 手机 机壳 壳 ok"},
        {"ひらがな、カタ", "ひら らが がな な カタ タ"},
        {"한국어를", "한국 국어 어를 를"},
        {"ภาษา", "ภา าษ ษา า"},
        {"a\nb\tc", "a b c"},
        {"snake_case C++ x=1", "snake case c x 1"},
        {"\xFF\xFEword\x80", "word"},
        {"☕ ♥ 🙂", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct tokens t = tokens_new(table[i].text, strlen(table[i].text));
        assert_string_equal(t.folded, table[i].words);
        assert_int_equal(t.len, strlen(t.folded));
        tokens_free(&t);
    }
}

// Every word lies in its text, behind the one before, and its folded form where it says.
static void words_know_where_they_stand(void **state)
{
    (void)state;
    static const char text[] = "L’œuvre, 東京 — don\xC2\xADne!";
    static const struct {
        size_t off, len;
        const char *word;
    } want[] = {{0, 1, "l"}, {4, 6, "oeuvre"}, {12, 6, "東京"}, {15, 3, "京"}, {23, 7, "donne"}};
    struct tokens t = tokens_new(text, strlen(text));
    assert_int_equal(t.n, sizeof want / sizeof *want);
    for (size_t i = 0; i < t.n; i++) {
        assert_int_equal(t.items[i].off, want[i].off);
        assert_int_equal(t.items[i].len, want[i].len);
        assert_int_equal(t.items[i].n, strlen(want[i].word));
        assert_memory_equal(t.folded + t.items[i].at, want[i].word, t.items[i].n);
    }
    tokens_free(&t);
}

static void a_word_has_an_end(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 5000; i++)
        buf_str(&b, i % 2 ? "é" : "ж");
    buf_str(&b, " end");
    struct tokens t = tokens_new(b.data, b.len);
    assert_int_equal(t.n, 2);
    assert_true(t.items[0].n <= TOKEN_MOST && t.items[0].n > TOKEN_MOST - 4);
    assert_int_equal(t.items[0].len, b.len - 4);
    assert_int_equal(t.len, strlen(t.folded));
    tokens_free(&t);
    buf_free(&b);
}

static void phrases_stand_in_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *phrase;
        bool prefix;
        const char *found; // NULL: nowhere
    } table[] = {
        {"a quiet letter", "letter", false, "letter"},
        {"a quiet letter", "Quiet LETTER", false, "quiet letter"},
        {"a quiet, letter", "quiet letter", false, "quiet, letter"},
        {"a quiet letter", "letter quiet", false, NULL},
        {"a quiet letter", "lett", false, NULL},
        {"a quiet letter", "lett", true, "letter"},
        {"a quiet letter", "quiet lett", true, "quiet letter"},
        {"it doesn’t", "doesn't", false, "doesn’t"},
        {"東京都は", "京都", false, "京都"},
        {"東京都は", "東京都", false, "東京都"},
        {"東京都は", "都", false, "都"},
        {"東京都は", "は", false, "は"},
        {"東京都は", "東都", false, NULL},
        {"我的iPhone手机壳", "iphone手机", false, "iPhone手机"},
        {"我的iPhone手机壳", "iphone手", false, "iPhone手"},
        {"手机 case", "手机 case", false, "手机 case"},
        {"手机壳 case", "手机 case", false, NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct tokens t = tokens_new(table[i].text, strlen(table[i].text));
        struct phrase p = phrase_new(table[i].phrase, strlen(table[i].phrase), table[i].prefix);
        struct match m = {0};
        bool found = false;
        for (size_t k = 0; k <= t.n && !found; k++)
            found = phrase_at(&p, &t, k, &m);
        if (found != (table[i].found != NULL))
            fail_msg("“%s” in “%s”", table[i].phrase, table[i].text);
        if (found) {
            assert_int_equal(m.len, strlen(table[i].found));
            assert_memory_equal(table[i].text + m.off, table[i].found, m.len);
        }
        phrase_free(&p);
        tokens_free(&t);
    }
    struct phrase none = phrase_new("♥", 3, false);
    struct tokens t = tokens_new("a", 1);
    assert_false(phrase_at(&none, &t, 0, NULL));
    phrase_free(&none);
    tokens_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_and_folded),
        cmocka_unit_test(words_know_where_they_stand),
        cmocka_unit_test(a_word_has_an_end),
        cmocka_unit_test(phrases_stand_in_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
