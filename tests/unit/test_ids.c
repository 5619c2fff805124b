// Lists of essays' numbers: the same whatever the numbers are, and against each other.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lectern/ids.h"

static struct ids of(const int64_t *items, size_t n)
{
    struct ids l = {0};
    for (size_t i = 0; i < n; i++)
        ids_add(&l, items[i]);
    return l;
}

static void must_be(struct ids *got, const int64_t *want, size_t n)
{
    assert_int_equal(got->n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ids_at(got, i), want[i]);
    ids_free(got);
}

static void any_number_is_kept(void **state)
{
    (void)state;
    const int64_t some[] = {1, -7, INT32_MAX, INT32_MIN, 0, INT64_MAX, INT64_MIN, (int64_t)1 << 40};
    for (size_t n = 0; n <= 8; n++) {
        struct ids l = of(some, n);
        assert_int_equal(l.wide != NULL, n > 5); // small as long as all are
        must_be(&l, some, n);
    }
    struct ids l = {0};
    size_t at = 9;
    ids_unknown(&l, 1000);
    assert_int_equal(l.n, 1000);
    assert_int_equal(ids_at(&l, 999), 0);
    ids_set(&l, 700, -3);
    ids_set(&l, 800, (int64_t)1 << 33);
    ids_add(&l, 5);
    assert_true(ids_find(&l, -3, 0, &at) && at == 700);
    assert_true(ids_find(&l, 5, 1000, &at) && at == 1000);
    assert_true(ids_find(&l, (int64_t)1 << 33, 12, &at) && at == 800);
    assert_false(ids_find(&l, 77, 5, &at));
    ids_cut(&l, 5000);
    assert_int_equal(l.n, 1001);
    ids_cut(&l, 3);
    const int64_t none[3] = {0};
    must_be(&l, none, 3);
}

static void a_set_holds_its_list(void **state)
{
    (void)state;
    const int64_t near[] = {-9, 4, 5, 1000000}, far[] = {INT64_MIN, 0, 3, INT64_MAX};
    const int64_t *both[] = {near, far};
    for (int k = 0; k < 2; k++) {
        struct ids l = of(both[k], 4);
        struct idset *s = idset_new(&l);
        for (int i = 0; i < 4; i++)
            assert_true(idset_has(s, both[k][i]));
        for (int64_t id = -20; id < 20; id++) {
            size_t at;
            assert_int_equal(idset_has(s, id), ids_find(&l, id, 0, &at));
        }
        assert_false(idset_has(s, 999999));
        idset_free(s);
        ids_free(&l);
    }
    struct ids empty = {0};
    struct idset *s = idset_new(&empty);
    assert_false(idset_has(s, 0));
    idset_free(s);
}

static void what_was_shown_stays(void **state)
{
    (void)state;
    static const int64_t old[] = {9, 7, 5, 3, 1}, now[] = {12, 9, 8, 5, 1, 0},
                         want[] = {12, 9, 8, 7, 5, 3, 1, 0};
    struct ids a = of(old, 5), b = of(now, 6), out = {0}, none = {0};
    ids_merge(&a, &b, &out);
    must_be(&out, want, 8);
    ids_merge(&a, &a, &out);
    must_be(&out, old, 5);
    ids_merge(&none, &a, &out);
    must_be(&out, old, 5);
    ids_merge(&a, &none, &out);
    must_be(&out, old, 5);
    ids_merge(&none, &none, &out);
    must_be(&out, NULL, 0);
    static const int64_t turned[] = {1, 9, 5}; // another order: nothing twice, nothing lost
    struct ids c = of(turned, 3);
    ids_merge(&a, &c, &out);
    must_be(&out, old, 5);
    ids_free(&a);
    ids_free(&b);
    ids_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_is_kept),
        cmocka_unit_test(a_set_holds_its_list),
        cmocka_unit_test(what_was_shown_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
