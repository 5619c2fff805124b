// The trail of jumps: back and forth as in a browser, whatever is done to it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "ui/trail.h"

// A reader who jumps from place to place and goes back and forth.
static uint32_t back(struct trail *t, uint32_t here)
{
    uint32_t to = 999;
    return trail_back(t, here, &to) ? to : here;
}

static uint32_t forward(struct trail *t, uint32_t here)
{
    uint32_t to = 999;
    return trail_forward(t, here, &to) ? to : here;
}

static void back_and_forth(void **state)
{
    (void)state;
    struct trail t = {0};
    uint32_t here = 10;
    assert_int_equal(back(&t, here), 10); // nowhere yet
    assert_int_equal(forward(&t, here), 10);
    trail_leave(&t, here);
    here = 50;
    trail_leave(&t, here);
    here = 90;
    here = back(&t, here);
    assert_int_equal(here, 50);
    here = back(&t, here);
    assert_int_equal(here, 10);
    assert_int_equal(back(&t, here), 10);
    here = forward(&t, here);
    assert_int_equal(here, 50);
    here = forward(&t, here);
    assert_int_equal(here, 90);
    assert_int_equal(forward(&t, here), 90);
}

static void a_new_jump_ends_what_lay_ahead(void **state)
{
    (void)state;
    struct trail t = {0};
    trail_leave(&t, 10);
    trail_leave(&t, 50);
    assert_int_equal(back(&t, 90), 50);
    trail_leave(&t, 60); // read on a little, then a jump
    assert_int_equal(forward(&t, 70), 70);
    assert_int_equal(back(&t, 70), 60);
    assert_int_equal(back(&t, 60), 10);
}

static void a_jump_to_the_same_place_is_none(void **state)
{
    (void)state;
    struct trail t = {0};
    trail_leave(&t, 10);
    trail_leave(&t, 10);
    assert_int_equal(back(&t, 10), 10);
    assert_int_equal(back(&t, 30), 10);
}

static void a_long_trail_forgets_its_beginning(void **state)
{
    (void)state;
    struct trail t = {0};
    for (uint32_t i = 0; i < 3 * TRAIL_LENGTH; i++)
        trail_leave(&t, i * 10);
    uint32_t here = 9999, steps = 0, last = here;
    while ((here = back(&t, here)) != last) {
        assert_true(here < last);
        last = here;
        steps++;
    }
    assert_in_range(steps, TRAIL_LENGTH - 2, TRAIL_LENGTH);
}

static void anything_goes(void **state)
{
    (void)state;
    struct trail t = {0};
    srand(7);
    uint32_t here = 0;
    for (int i = 0; i < 20000; i++) {
        int what = rand() % 4;
        if (what == 0) {
            trail_leave(&t, here);
            here = (uint32_t)(rand() % 9);
        } else if (what == 1) {
            here = (uint32_t)(rand() % 9);
        } else {
            here = what == 2 ? back(&t, here) : forward(&t, here);
        }
        assert_true(t.n <= TRAIL_LENGTH && t.pos <= t.n && here < 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_and_forth),
        cmocka_unit_test(a_new_jump_ends_what_lay_ahead),
        cmocka_unit_test(a_jump_to_the_same_place_is_none),
        cmocka_unit_test(a_long_trail_forgets_its_beginning),
        cmocka_unit_test(anything_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
