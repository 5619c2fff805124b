// Cursor and window over a list: where actions lead, and what holds whatever happens.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ui/list.h"

static size_t random_size(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 8;
}

static void actions_move(void **state)
{
    (void)state;
    static const struct {
        enum action a;
        int count;
        size_t cursor, top;
    } steps[] = {
        // a row of context stays beyond the cursor
        {ACT_DOWN, 0, 1, 0},
        {ACT_DOWN, 5, 6, 0},
        {ACT_DOWN, 3, 9, 1},
        {ACT_UP, 4, 5, 1},
        {ACT_PAGE_DOWN, 0, 15, 11},
        {ACT_PAGE_UP, 0, 5, 1},
        {ACT_HALF_DOWN, 0, 10, 6},
        {ACT_HALF_UP, 2, 4, 0},
        {ACT_BOTTOM, 0, 99, 90},
        {ACT_PAGE_DOWN, 0, 99, 90},
        {ACT_DOWN, 9, 99, 90},
        {ACT_TOP, 0, 0, 0},
        {ACT_UP, 1, 0, 0},
        {ACT_TOP, 50, 49, 41},
        {ACT_BOTTOM, 7, 6, 5},
        {ACT_PAGE_UP, 0, 1, 0},
        {ACT_PAGE_UP, 0, 0, 0},
        {ACT_PAGE_DOWN, 3, 30, 29},
        {ACT_PAGE_DOWN, 500000, 99, 90},
    };
    struct list l = {0};
    list_set(&l, 100, 10);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        assert_true(list_act(&l, steps[i].a, steps[i].count, NULL));
        if (l.cursor != steps[i].cursor || l.top != steps[i].top)
            fail_msg("step %zu (%s): cursor %zu, top %zu", i, action_table[steps[i].a].name,
                     l.cursor, l.top);
        assert_true(l.cursor >= l.top && l.cursor < l.top + 10);
    }
    bool moved = true;
    list_act(&l, ACT_BOTTOM, 0, &moved);
    list_act(&l, ACT_DOWN, 0, &moved);
    assert_false(moved);
    assert_false(list_act(&l, ACT_OPEN, 0, NULL));
}

static void paging_keeps_the_row(void **state)
{
    (void)state;
    struct list l = {0};
    list_set(&l, 1000, 20);
    list_go(&l, 7);
    for (int i = 0; i < 5; i++) {
        list_act(&l, ACT_PAGE_DOWN, 0, NULL);
        assert_int_equal(l.cursor - l.top, 7);
    }
    assert_int_equal(l.cursor, 107);
}

static void arrivals_do_not_move_the_line(void **state)
{
    (void)state;
    struct list l = {0};
    list_set(&l, 100, 10);
    list_go(&l, 50);
    size_t row = l.cursor - l.top;
    list_inserted(&l, 0, 7);
    assert_int_equal(l.n, 107);
    assert_int_equal(l.cursor, 57);
    assert_int_equal(l.cursor - l.top, row);
    list_inserted(&l, 80, 3);
    assert_int_equal(l.cursor, 57);
    list_removed(&l, 10, 20);
    assert_int_equal(l.cursor, 37);
    assert_int_equal(l.cursor - l.top, row);
    list_removed(&l, 30, 20); // the cursor's own item goes
    assert_int_equal(l.cursor, 30);
    list_removed(&l, 0, 999);
    assert_int_equal(l.n, 0);
    assert_int_equal(l.cursor, 0);
    list_inserted(&l, 0, 4);
    assert_int_equal(l.cursor, 0);
}

static void promises_hold_whatever_happens(void **state)
{
    (void)state;
    unsigned seed = 3;
    struct list l = {0};
    for (int i = 0; i < 200000; i++) {
        size_t x = random_size(&seed), y = random_size(&seed);
        switch (random_size(&seed) % 6) {
        case 0:
            list_set(&l, x % 300, y % 40);
            break;
        case 1:
            list_go(&l, x);
            break;
        case 2:
            list_inserted(&l, x % (l.n + 1), y % 50);
            if (l.n > 5000)
                list_set(&l, 300, l.rows);
            break;
        case 3:
            list_removed(&l, x % (l.n + 1), y % 50);
            break;
        case 4:
            list_centre(&l);
            break;
        default:
            list_act(&l, (enum action)(x % ACT_COUNT), (int)(y % 4) * 3, NULL);
        }
        assert_true(l.rows >= 1 || i == 0 || l.n == 0);
        assert_true(l.n ? l.cursor < l.n : l.cursor == 0);
        assert_true(l.top <= l.cursor);
        assert_true(l.n == 0 || l.cursor < l.top + (l.rows ? l.rows : 1));
        assert_true(l.top == 0 || l.top + l.rows <= l.n); // no row stays empty
        assert_true(list_end(&l) <= l.n && list_end(&l) >= l.top);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_move),
        cmocka_unit_test(paging_keeps_the_row),
        cmocka_unit_test(arrivals_do_not_move_the_line),
        cmocka_unit_test(promises_hold_whatever_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
