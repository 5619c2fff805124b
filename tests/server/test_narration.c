// Who reads an essay aloud: a server that answers as Substack's does, freely, for money, elsewhere,
// wrongly, hugely and not at all, and what of it is kept and played.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lectern/audio.h"
#include "lectern/client.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/narration.h"
#include "../support/library.h"
#include "../support/server.h"

#define TTS "https://substack-video.s3.amazonaws.com/video_upload/post/1/tts/"
#define UUID "0a1b2c3d-0000-4000-8000-00000000abcd"

static const struct {
    const char *slug, *json;
    const char *want; // what the list says; "!" and a part of the sentence where there is nothing
} posts[] = {
    {"machine",
     "{\"id\":1,\"audio_items\":[{\"voice_id\":\"en-US-JennyNeural\",\"audio_url\":\"" TTS
     "x/en-US-JennyNeural.mp3\",\"type\":\"tts\",\"status\":\"completed\"}]}",
     "Machine voice"},
    {"old", "{\"id\":1,\"audio_items\":[{\"audio_url\":\"" TTS "old.mp3\"}]}", "Machine voice"},
    {"author",
     "{\"id\":1,\"has_voiceover\":true,\"voiceover_upload_id\":\"" UUID
     "\",\"voiceoverUpload\":{\"id\":\"" UUID "\",\"duration\":611.2},"
     "\"audio_items\":[{\"audio_url\":\"" TTS
     "a.mp3\",\"type\":\"tts\",\"status\":\"completed\"}]}",
     "Narrated by the author · 10:11|Machine voice"},
    {"episode",
     "{\"id\":1,\"type\":\"podcast\",\"podcast_url\":\"https://api.substack.com/feed/podcast/1/"
     "00000000000000000000000000000000.mp3\",\"podcast_duration\":1864.4,\"audio_items\":null}",
     "Episode · 31:04"},
    {"upload", "{\"id\":1,\"podcastUpload\":{\"id\":4711,\"duration\":60}}", "Episode · 1:00"},
    {"paid",
     "{\"id\":1,\"audience\":\"only_paid\",\"hidden\":true,\"audio_items\":[{\"audio_url\":null,"
     "\"type\":\"tts\",\"status\":\"paywalled\"}]}",
     "!for those who pay"},
    {"silent", "{\"id\":1,\"audience\":\"everyone\",\"audio_items\":[]}", "!nobody reads it"},
    {"hostile",
     "{\"id\":1,\"voiceover_upload_id\":\"../../evil\",\"podcast_url\":\"javascript:1\","
     "\"podcast_upload_id\":\"1?x=\",\"podcastUpload\":[],\"podcastFields\":7,\"audio_items\":[7,"
     "null,{\"audio_url\":\"file:///etc/passwd\"},{\"audio_url\":[\"x\"]},"
     "{\"audio_url\":\"https://:x/a.mp3\"},{\"type\":9,"
     "\"audio_url\":\"https://x.example/\\u001b]52;c;x\\u0007.mp3\",\"status\":{}}]}",
     "!nobody reads it"},
    {"empty", "", NULL},
    {"list", "[1,2]", NULL},
    {"page", "<html>Just a moment...</html>", NULL},
    {"huge", "x", NULL},
    {"gone", NULL, NULL},
    {"stalled", NULL, NULL},
};
enum { POSTS = sizeof posts / sizeof *posts };

struct world {
    char *library;
    struct conf *conf;
    struct server *server;
    struct store *store;
    struct client *client;
    int64_t ids[POSTS];
};

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    static const char api[] = "/api/v1/posts/";
    if (strncmp(q->path, api, sizeof api - 1) != 0 && strncmp(q->path, "/real/", 6) != 0) {
        r->status = 404;
        return;
    }
    const char *slug = strrchr(q->path, '/') + 1;
    for (size_t i = 0; i < POSTS; i++) {
        if (strcmp(posts[i].slug, slug) != 0)
            continue;
        if (strcmp(slug, "machine") == 0 && q->path[1] == 'a') { // as a custom domain does
            r->status = 307;
            server_set(r, "Location", "/real/machine");
            return;
        }
        r->endless = strcmp(slug, "huge") == 0;
        r->hang = strcmp(slug, "stalled") == 0;
        if (!posts[i].json) {
            r->status = 404;
            return;
        }
        server_set(r, "Content-Type", "application/json");
        buf_str(&r->body, posts[i].json);
        for (int k = 0; r->endless && k < 1 << 16; k++)
            buf_char(&r->body, ' ');
        return;
    }
    r->status = 404;
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    w->library = library_path("narration");
    w->conf = conf_new();
    w->server = server_start(serve, w);
    struct err e = ERR_INIT;
    assert_true(conf_set(w->conf, "fetch-timeout", "1", &e));
    assert_true(conf_set(w->conf, "fetch-max-size", "1", &e));
    assert_true(store_open(w->library, STORE_WRITE, &w->store, &e));
    struct feed_update *u = update_new("Read Aloud", POSTS);
    for (size_t i = 0; i < POSTS; i++) {
        char *path = mem_printf("/p/%s", posts[i].slug), *url = server_url(w->server, NULL, path);
        struct feed_entry *en =
            update_add(u, posts[i].slug, posts[i].slug, 1700000000 + (int64_t)i,
                       "<p>Words.</p><img src='https://substackcdn.com/image/fetch/x.png'>");
        en->url = arena_strdup(u->arena, url);
        free(url);
        free(path);
    }
    int64_t feed;
    bool existed;
    assert_true(store_feed_add(w->store, "https://aloud.example/feed", NULL, &feed, &existed, &e));
    struct prepared *p = store_prepare(u, NULL);
    struct fetch_outcome o = {.when = time(NULL), .http_status = 200};
    struct apply_counts counts;
    assert_true(store_apply(w->store, feed, p, &o, &counts, &e));
    store_prepared_free(p);
    update_free(u);
    struct shelf all = {.kind = SHELF_ALL};
    int64_t *ids;
    size_t n;
    assert_true(store_ids(w->store, &all, false, time(NULL), 0, &ids, &n, &e));
    assert_int_equal(n, POSTS);
    struct arena *a = arena_new();
    struct item_row rows[POSTS];
    assert_true(store_rows(w->store, ids, n, a, rows, &e));
    for (size_t i = 0; i < POSTS; i++)
        for (size_t k = 0; k < n; k++)
            if (strcmp(rows[k].title, posts[i].slug) == 0)
                w->ids[i] = rows[k].id;
    arena_free(a);
    free(ids);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    client_end(w->client);
    store_close(w->store);
    server_stop(w->server);
    conf_free(w->conf);
    free(w->library);
    free(w);
    return 0;
}

static void labels(struct world *w, int64_t id, struct buf *out)
{
    struct arena *a = arena_new();
    struct item_body b;
    struct err e = ERR_INIT;
    const struct enclosure *x[9];
    if (!store_item(w->store, id, a, &b, &e))
        fail_msg("%s", e.msg);
    assert_true(narration_may_be(&b));
    size_t n = audio_pick(b.enclosures, b.nenclosures, x, 9);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(out, '|');
        audio_label(x[i], false, out);
    }
    if (b.row.naudio != (int)n)
        fail_msg("%s: %d counted, %zu offered (%s)", b.row.title, b.row.naudio, n,
                 b.row.audio ? b.row.audio : "");
    arena_free(a);
}

static void every_answer_is_kept_or_told(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < POSTS; i++) {
        struct err e = ERR_INIT;
        size_t n = 99;
        const char *why = NULL, *want = posts[i].want;
        bool ok = fetch_narration(w->library, w->conf, w->ids[i], &n, &why, &e);
        struct arena *a = arena_new();
        struct narrations known;
        struct buf got = {0};
        struct err local = ERR_INIT;
        assert_true(store_narrations(w->store, w->ids[i], a, &known, &local));
        labels(w, w->ids[i], &got);
        if (!want) { // nothing is known: the next wish asks again
            assert_false(ok);
            assert_non_null(strstr(e.msg, "asking who reads this essay aloud"));
            assert_int_equal(known.asked, 0);
            assert_true(narration_is_due(&known, time(NULL)));
        } else if (*want == '!') {
            assert_true(ok);
            assert_int_equal(n, 0);
            assert_non_null(strstr(why, want + 1));
            assert_string_equal(known.why, why);
            assert_false(narration_is_due(&known, known.asked + 3600));
            assert_true(narration_is_due(&known, known.asked + 90000));
        } else {
            if (!ok)
                fail_msg("%s: %s", posts[i].slug, e.msg);
            assert_string_equal(buf_cstr(&got), want);
            assert_false(narration_is_due(&known, known.asked + 90000));
        }
        buf_free(&got);
        arena_free(a);
    }
}

// A bookmark of it can be heard too, also when the essay has gone.
static void a_bookmark_keeps_the_voice(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    size_t n;
    const char *why;
    int64_t kept;
    assert_true(fetch_narration(w->library, w->conf, w->ids[0], &n, &why, &e));
    assert_true(store_bookmark_entry(w->store, w->ids[0], time(NULL), &kept, NULL, &e));
    struct buf got = {0};
    labels(w, kept, &got);
    assert_string_equal(buf_cstr(&got), "Machine voice");
    assert_true(store_entries_remove(w->store, &w->ids[0], 1, &e));
    buf_clear(&got);
    labels(w, kept, &got);
    assert_string_equal(buf_cstr(&got), "Machine voice");
    buf_free(&got);
}

static struct client_event next_answer(struct world *w)
{
    struct client_event ev;
    for (;;) {
        while (!client_next(w->client, &ev)) {
            struct pollfd p = {.fd = client_fd(w->client), .events = POLLIN};
            if (poll(&p, 1, 20000) <= 0)
                fail_msg("no event came");
        }
        if (ev.kind == CLIENT_NARRATION || ev.kind == CLIENT_NARRATION_ERR)
            return ev;
    }
}

static void the_worker_asks(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    assert_true(client_start(w->library, w->conf, NULL, &w->client, &e));
    assert_true(client_narration(w->client, w->ids[2]));
    struct client_event ev = next_answer(w);
    assert_int_equal(ev.kind, CLIENT_NARRATION);
    assert_int_equal(ev.item, w->ids[2]);
    assert_int_equal(ev.added, 2);
    assert_true(client_narration(w->client, w->ids[5]));
    ev = next_answer(w);
    assert_int_equal(ev.added, 0);
    assert_non_null(strstr(ev.text, "pay for it"));
    assert_true(client_narration(w->client, w->ids[12]));
    ev = next_answer(w);
    assert_int_equal(ev.kind, CLIENT_NARRATION_ERR);
    assert_non_null(strstr(ev.text, "404"));
}

static void only_pages_of_posts_are_asked(void **state)
{
    (void)state;
    static const struct {
        const char *page, *api;
    } table[] = {
        {"https://slow.example/p/the-kettle", "https://slow.example/api/v1/posts/the-kettle"},
        {"https://a.substack.com/p/x_1?utm=1#y", "https://a.substack.com/api/v1/posts/x_1"},
        {"http://127.0.0.1:8080/p/x/", "http://127.0.0.1:8080/api/v1/posts/x"},
        {"https://slow.example/p/", NULL},
        {"https://slow.example/p/a/comments", NULL},
        {"https://slow.example/p/..%2f..%2fadmin", NULL},
        {"https://slow.example/p/../x", NULL},
        {"https://user:secret@slow.example/p/x", NULL},
        {"https://slow.example/q/x", NULL},
        {"file:///p/x", NULL},
        {"https?://slow.example/p/x", NULL},
        {"https:///p/x", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct buf b = {0};
        assert_int_equal(narration_address(table[i].page, &b), table[i].api != NULL);
        if (table[i].api)
            assert_string_equal(b.data, table[i].api);
        buf_free(&b);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_answer_is_kept_or_told),
        TEST(a_bookmark_keeps_the_voice),
        TEST(the_worker_asks),
        cmocka_unit_test(only_pages_of_posts_are_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
