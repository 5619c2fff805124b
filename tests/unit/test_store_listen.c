// What the library remembers of listening: how far, in which order, what plays.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/library.h"
#include "lectern/listen.h"
#include "lectern/mem.h"

struct fixture {
    char *path;
    struct store *s;
    struct arena *a;
};

static int begin(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("listen.db");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    *state = f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    arena_free(f->a);
    remove(f->path);
    free(f->path);
    free(f);
    return 0;
}

static void how_far_is_kept_by_address(void **state)
{
    struct fixture *f = *state;
    struct heard h = {1, 2, true, 3};
    assert_true(store_heard(f->s, "https://a.example/1.mp3", &h, NULL));
    assert_true(h.at == 0 && h.length == 0 && !h.finished && h.when == 0);
    struct heard half = {12.5, 60, false, 1000}, done = {0, 60, true, 2000};
    assert_true(store_set_heard(f->s, "https://a.example/1.mp3", &half, NULL));
    store_close(f->s);
    f->s = library_open(f->path, STORE_WRITE);
    assert_true(store_heard(f->s, "https://a.example/1.mp3", &h, NULL));
    assert_true(h.at == 12.5 && h.length == 60 && !h.finished && h.when == 1000);
    assert_true(store_set_heard(f->s, "https://a.example/1.mp3", &done, NULL));
    assert_true(store_heard(f->s, "https://a.example/1.mp3", &h, NULL));
    assert_true(h.finished && h.at == 0);
    assert_true(store_heard(f->s, "https://a.example/2.mp3", &h, NULL));
    assert_false(h.finished);
}

static void what_plays_is_one_row(void **state)
{
    struct fixture *f = *state;
    struct playing p = {.item = 9};
    assert_true(store_playing(f->s, f->a, &p, NULL));
    assert_null(p.socket);
    assert_int_equal(p.item, 0);
    struct playing on = {"/run/x/mpv-1", 7, "https://a.example/1.mp3", "One", NULL, 5};
    struct playing off = {NULL, 7, "https://a.example/1.mp3", "One", "it broke", 6};
    assert_true(store_set_playing(f->s, &on, NULL));
    assert_true(store_playing(f->s, f->a, &p, NULL));
    assert_string_equal(p.socket, "/run/x/mpv-1");
    assert_string_equal(p.title, "One");
    assert_null(p.error);
    assert_true(store_set_playing(f->s, &off, NULL));
    assert_true(store_playing(f->s, f->a, &p, NULL));
    assert_null(p.socket);
    assert_string_equal(p.error, "it broke");
    assert_int_equal(p.since, 6);
}

// ---- the queue, beside a model that is an array of letters ----

static void address_of(char letter, char out[32])
{
    snprintf(out, 32, "https://a.example/%c.mp3", letter);
}

static int64_t add(struct fixture *f, char letter, int64_t before)
{
    char address[32];
    int64_t id = 0;
    bool existed;
    struct err e = ERR_INIT;
    address_of(letter, address);
    if (!store_queue_add(f->s, &(struct queue_row){.address = address, .title = "t"}, before, &id,
                         &existed, &e))
        fail_msg("%s", e.msg);
    return id;
}

static size_t letters(struct fixture *f, char *out, int64_t *ids)
{
    struct queue_row *rows;
    size_t n;
    assert_true(store_queue(f->s, f->a, &rows, &n, NULL));
    for (size_t i = 0; i < n; i++) {
        out[i] = rows[i].address[18];
        if (ids)
            ids[i] = rows[i].id;
    }
    out[n] = '\0';
    return n;
}

static void is(struct fixture *f, const char *want)
{
    char have[64];
    letters(f, have, NULL);
    assert_string_equal(have, want);
}

static void queue_keeps_its_order(void **state)
{
    struct fixture *f = *state;
    int64_t a = add(f, 'a', 0), b = add(f, 'b', 0), c = add(f, 'c', 0);
    is(f, "abc");
    add(f, 'd', a);
    is(f, "dabc");
    assert_int_equal(add(f, 'c', a), c); // again: moved there
    is(f, "dcab");
    add(f, 'd', 0);
    is(f, "cabd");
    add(f, 'a', a); // before itself: stays
    is(f, "cabd");
    assert_true(store_queue_move(f->s, b, -1, NULL));
    is(f, "cbad");
    assert_true(store_queue_move(f->s, b, 99, NULL));
    is(f, "cadb");
    assert_true(store_queue_move(f->s, b, -99, NULL));
    is(f, "bcad");
    assert_true(store_queue_remove(f->s, c, NULL));
    assert_true(store_queue_remove(f->s, c, NULL));
    is(f, "bad");
    struct queue_row next;
    assert_true(store_queue_next(f->s, "https://a.example/b.mp3", f->a, &next, NULL));
    assert_string_equal(next.address, "https://a.example/a.mp3");
    is(f, "ad");
    assert_true(store_queue_next(f->s, "https://elsewhere.example/", f->a, &next, NULL));
    assert_int_equal(next.id, a); // it stays until it has been heard
    assert_true(store_queue_next(f->s, next.address, f->a, &next, NULL));
    assert_true(store_queue_next(f->s, next.address, f->a, &next, NULL));
    assert_int_equal(next.id, 0);
    is(f, "");
}

static void rows_tell_what_is_known(void **state)
{
    struct fixture *f = *state;
    struct queue_row row = {.item = 5,
                            .address = "https://a.example/a.mp3",
                            .title = "Of Ink",
                            .feed_title = "Slow Letters",
                            .type = "audio/mpeg",
                            .length = 60},
                     *rows;
    struct heard h = {12, 61, false, 9};
    int64_t id;
    bool existed;
    size_t n;
    assert_true(store_queue_add(f->s, &row, 0, &id, &existed, NULL));
    assert_false(existed);
    assert_true(store_set_heard(f->s, row.address, &h, NULL));
    assert_true(store_queue(f->s, f->a, &rows, &n, NULL));
    assert_int_equal(n, 1);
    assert_int_equal(rows[0].item, 5);
    assert_string_equal(rows[0].feed_title, "Slow Letters");
    assert_string_equal(rows[0].type, "audio/mpeg");
    assert_true(rows[0].length == 60 && rows[0].heard.at == 12);
}

// Thousands of random changes: the same order as an array's.
static void queue_is_as_an_array(void **state)
{
    struct fixture *f = *state;
    char model[64] = "", have[64];
    int64_t ids[64];
    uint32_t seed = 7;
    assert_true(store_begin(f->s, NULL));
    for (int round = 0; round < 4000; round++) {
        seed = seed * 1664525 + 1013904223;
        size_t n = letters(f, have, ids);
        assert_string_equal(have, model);
        char letter = (char)('a' + (seed >> 8) % 26);
        char *there = strchr(model, letter);
        size_t at = n ? (seed >> 16) % n : 0;
        if ((seed >> 24) % 4 == 0 && there) {
            assert_true(store_queue_remove(f->s, ids[there - model], NULL));
            memmove(there, there + 1, strlen(there));
        } else if ((seed >> 24) % 4 == 1 && n) {
            int by = (int)(seed >> 20) % 5 - 2;
            assert_true(store_queue_move(f->s, ids[at], by, NULL));
            int to = (int)at + by;
            to = to < 0 ? 0 : to >= (int)n ? (int)n - 1 : to;
            char moved = model[at];
            memmove(model + at, model + at + 1, n - at);
            memmove(model + to + 1, model + to, n - 1 - (size_t)to + 1);
            model[to] = moved;
        } else { // mostly before one and the same: gaps are used up
            char before = n ? model[n / 2] : 0;
            add(f, letter, n ? ids[n / 2] : 0);
            if (letter == before)
                continue;
            if (there)
                memmove(there, there + 1, strlen(there));
            char *place = before ? strchr(model, before) : model + strlen(model);
            memmove(place + 1, place, strlen(place) + 1);
            *place = letter;
        }
    }
    assert_true(store_commit(f->s, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(how_far_is_kept_by_address, begin, end),
        cmocka_unit_test_setup_teardown(what_plays_is_one_row, begin, end),
        cmocka_unit_test_setup_teardown(queue_keeps_its_order, begin, end),
        cmocka_unit_test_setup_teardown(rows_tell_what_is_known, begin, end),
        cmocka_unit_test_setup_teardown(queue_is_as_an_array, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
