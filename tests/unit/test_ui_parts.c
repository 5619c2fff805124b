// Small parts under the views: search as people type, dates and lengths.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/match.h"
#include "lectern/when.h"

static void search_takes_what_a_keyboard_has(void **state)
{
    (void)state;
    static const struct {
        const char *what, *text;
        int at, len; // bytes; -1: not found
    } table[] = {
        {"letter", "The Letter", 4, 6},      {"Letter", "the letter", -1, 0},
        {"two words", "two\nwords", 0, 9},   {"don't", "I don\u2019t", 2, 7},
        {"\"so\"", "\u201cso\u201d", 0, 8},  {"1914-18", "1914\u201318", 0, 9},
        {"hyphen", "hy\u00adphen", 0, 8},    {"éclair", "ÉCLAIR", 0, 7},
        {"手紙", "日本語の手紙", 12, 6},     {"", "anything", -1, 0},
        {"longer than it", "longer", -1, 0}, {"aab", "aaab", 1, 3},
        {"a b", "a\u00a0b", 0, 4},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct pattern p = pattern_new(table[i].what);
        struct match m = {0, 0};
        bool found = match_next(&p, table[i].text, strlen(table[i].text), 0, &m);
        if (found != (table[i].at >= 0) ||
            (found && (m.off != (size_t)table[i].at || m.len != (size_t)table[i].len)))
            fail_msg("%s in %s: %s at %zu, %zu bytes", table[i].what, table[i].text,
                     found ? "found" : "not found", m.off, m.len);
        pattern_free(&p);
    }
}

static void times_read_as_people_say_them(void **state)
{
    (void)state;
    const struct when utc = {0}, tokyo = {9 * 3600};
    const int64_t now = 1795335300; // Sunday 22 November 2026, 08:15 UTC
    static const struct {
        int64_t ago;
        const char *list, *day, *whole;
    } table[] = {
        {0, "08:15", "08:15", "22 November 2026"},
        {9 * 3600, "21 Nov", "21 Nov", "21 November 2026"},
        {19 * 86400, " 3 Nov", "3 Nov", "3 November 2026"},
        {400 * 86400, "2025", "2025", "18 October 2025"},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        buf_clear(&b);
        when_list(utc, now - table[i].ago, now, &b);
        assert_string_equal(b.data, table[i].list);
        buf_clear(&b);
        when_day(utc, now - table[i].ago, now, &b);
        assert_string_equal(b.data, table[i].day);
        buf_clear(&b);
        when_long(utc, now - table[i].ago, &b);
        assert_string_equal(b.data, table[i].whole);
    }
    buf_clear(&b);
    when_clock(tokyo, now, now, &b);
    assert_string_equal(b.data, "17:15");
    buf_clear(&b);
    when_clock(utc, now - 86400, now, &b);
    assert_string_equal(b.data, "21 Nov 08:15");
    buf_clear(&b);
    when_long(tokyo, INT64_MAX, &b);
    when_long(tokyo, INT64_MIN, &b); // what no calendar has must not bring it down
    static const struct {
        int64_t seconds;
        const char *want;
    } lengths[] = {{0, "0:00"}, {59, "0:59"}, {1864, "31:04"}, {3723, "1:02:03"}, {-5, "0:00"}};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        buf_clear(&b);
        when_length(lengths[i].seconds, &b);
        assert_string_equal(b.data, lengths[i].want);
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_takes_what_a_keyboard_has),
        cmocka_unit_test(times_read_as_people_say_them),
    };
    return cmocka_run_group_tests_name("ui parts", tests, NULL, NULL);
}
