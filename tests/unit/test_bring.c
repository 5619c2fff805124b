// What other programs kept comes into the library: every form read as its golden says, nothing
// twice, nothing taken away; and Lectern's own JSON brings back all that was written.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/bring.h"
#include "lectern/buf.h"
#include "lectern/carry.h"
#include "lectern/export.h"
#include "lectern/feed.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "trade/kept.h"
#include "../support/library.h"
#include "../support/program.h"

#define T0 1763452800 // 2025-11-18T08:00:00Z

static char *golden(const char *name)
{
    const char *root = getenv("LECTERN_ROOT");
    char *dir = path_join(root ? root : ".", "tests/golden/bring"), *path = path_join(dir, name);
    free(dir);
    return path;
}

// ---- every form ----

static void put(struct buf *out, const char *name, const char *value)
{
    if (value && *value)
        buf_printf(out, "  %s: %s\n", name, value);
}

static void put_date(struct buf *out, const char *name, int64_t t)
{
    char date[32];
    if (!t)
        return;
    date_format(t, date);
    put(out, name, date);
}

static void dump_one(struct buf *out, const struct kept *k)
{
    const struct item_row *r = &k->body.row;
    buf_printf(out, "%s\n", r->title);
    put(out, "uid", k->carried.uid);
    put(out, "url", r->url);
    put(out, "author", r->author);
    put(out, "source", r->feed_title);
    put_date(out, "published", r->published);
    put_date(out, "kept", r->kept);
    put(out, "language", k->body.language);
    for (size_t i = 0; r->tags[i]; i++)
        put(out, "tag", r->tags[i]);
    put(out, "note", k->note);
    if (r->flags & (ITEM_STARTED | ITEM_FINISHED))
        buf_printf(out, "  %s at %u, %.2f\n", r->flags & ITEM_FINISHED ? "finished" : "started",
                   r->place, r->progress);
    for (size_t i = 0; i < k->nhighlights; i++)
        buf_printf(out, "  highlight: %s | %s | %s\n", k->highlights[i].quote,
                   k->highlights[i].colour ? k->highlights[i].colour : "",
                   k->highlights[i].note ? k->highlights[i].note : "");
    for (size_t i = 0; i < k->carried.nmarks; i++)
        buf_printf(out, "  mark %c: %u\n", k->carried.marks[i].letter, k->carried.marks[i].off);
    for (size_t i = 0; i < k->body.nenclosures; i++)
        put(out, "enclosure", k->body.enclosures[i].url);
    put(out, "content", k->body.content);
}

static void dump(struct buf *out, const struct brought *b)
{
    int line;
    const char *what, *why;
    buf_printf(out, "%s\n", bring_format(b));
    for (size_t i = 0; i < b->n; i++)
        dump_one(out, &b->items[i]);
    for (size_t i = 0; bring_skipped(b, i, &line, &what, &why); i++)
        buf_printf(out, "skipped, line %d: %s: %s\n", line, what, why);
}

static void check_form(const char *name)
{
    struct buf bytes = {0}, out = {0}, there = {0};
    struct err e = ERR_INIT;
    struct brought *b = NULL;
    char *path = golden(name), *result = mem_printf("%s.out", path);
    assert_true(buf_read_file(&bytes, path, 1 << 20, &e));
    assert_true(bring_looks(buf_cstr(&bytes), bytes.len));
    if (!bring_read(buf_cstr(&bytes), bytes.len, &b, &e))
        fail_msg("%s: %s", name, e.msg);
    dump(&out, b);
    if (getenv("LECTERN_GOLDEN"))
        assert_true(buf_write_file(result, buf_cstr(&out), out.len, 0644, &e));
    else if (!buf_read_file(&there, result, 1 << 20, &e))
        fail_msg("%s (LECTERN_GOLDEN=write makes it)", e.msg);
    else
        assert_string_equal(buf_cstr(&out), buf_cstr(&there));
    bring_free(b);
    buf_free(&bytes);
    buf_free(&out);
    buf_free(&there);
    free(result);
    free(path);
}

static void every_form_is_read(void **state)
{
    (void)state;
    check_form("browser.html");
    check_form("pocket.html");
    check_form("instapaper.html");
    check_form("wallabag.json");
    check_form("lectern.json");
#ifdef HAVE_CSV
    check_form("pocket.csv");
    check_form("instapaper.csv");
#endif
}

static void other_files_are_refused(void **state)
{
    (void)state;
    static const char *const strange[] = {
        "",
        "https://a.example/feed\n",
        "<opml><body><outline xmlUrl=\"https://a.example/\"/></body></opml>",
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}",
        "a,b,c\n1,2,3\n",
        "url\nhttps://a.example/\n",
    };
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        assert_false(bring_looks(strange[i], strlen(strange[i])));
    static const struct {
        const char *text;
        enum err_kind kind;
        const char *says;
    } broken[] = {
        {"{\"format\": \"lectern-bookmarks\", \"version\": 1, \"bookmarks\": [", ERR_FORMAT,
         "line 1"},
        {"{\"format\": \"lectern-bookmarks\", \"version\": 2, \"bookmarks\": []}", ERR_NEWER,
         "newer"},
        {"{\"format\": \"x\", \"for\": \"lectern-bookmarks\"}", ERR_FORMAT, "no bookmarks"},
        {"[1, 2]", ERR_FORMAT, "no bookmarks"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct err e = ERR_INIT;
        struct brought *b = NULL;
        assert_true(bring_looks(broken[i].text, strlen(broken[i].text)));
        assert_false(bring_read(broken[i].text, strlen(broken[i].text), &b, &e));
        assert_null(b);
        if (e.kind != broken[i].kind || !strstr(e.msg, broken[i].says))
            fail_msg("%d: %s", (int)e.kind, e.msg);
    }
}

#ifdef HAVE_CSV
// Found by a fuzzer: an address of nothing but control characters is none.
static void an_address_of_nothing_is_none(void **state)
{
    (void)state;
    static const char table[] = "url,title,tags\n\x01\x02,,\n";
    struct brought *b = NULL;
    struct err e = ERR_INIT;
    assert_true(bring_read(table, sizeof table - 1, &b, &e));
    assert_int_equal(bring_count(b), 0);
    assert_int_equal(b->nskipped, 1);
    bring_free(b);
}
#endif

// ---- into the library ----

static struct bring_result take(struct store *s, const char *text, const char *const *tags)
{
    struct err e = ERR_INIT;
    struct brought *b = NULL;
    struct bring_result r;
    struct bring_opts o = {.tags = tags, .now = T0 + 5000};
    if (!bring_read(text, strlen(text), &b, &e) || !bring_take(s, b, &o, &r, &e))
        fail_msg("%s", e.msg);
    bring_free(b);
    return r;
}

#define COUNTS(r, a, c, t)                \
    do {                                  \
        struct bring_result got = (r);    \
        assert_int_equal(got.added, a);   \
        assert_int_equal(got.changed, c); \
        assert_int_equal(got.there, t);   \
    } while (0)

static void row_of(struct store *s, int64_t id, struct arena *a, struct item_body *out)
{
    struct err e = ERR_INIT;
    if (!store_item(s, id, a, out, &e))
        fail_msg("%s", e.msg);
}

#define BROWSER(links) "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p>" links "</DL>"

static void nothing_comes_twice(void **state)
{
    (void)state;
    char *path = library_path("bring");
    struct store *s = library_open(path, STORE_WRITE);
    struct arena *a = arena_new();
    struct item_body item;
    struct err e = ERR_INIT;
    static const char first[] =
        BROWSER("<DT><A HREF=\"https://a.example/x\" ADD_DATE=\"1500000000\" TAGS=\"one\">X</A>"
                "<DT><A HREF=\"http://www.a.example/x/\" TAGS=\"two\">X again</A>"
                "<DT><A HREF=\"https://a.example/y\">Y</A><DD>noted");
    COUNTS(take(s, first, NULL), 2, 1, 0);
    COUNTS(take(s, first, NULL), 0, 0, 3);
    static const char *const tags[] = {"ONE", "three", NULL};
    COUNTS(take(s, first, tags), 0, 2, 1); // X and Y get a tag, X again has it by then
    row_of(s, -1, a, &item);
    assert_string_equal(item.row.title, "X");
    assert_string_equal(item.row.tags[0], "one");
    assert_string_equal(item.row.tags[1], "three");
    assert_string_equal(item.row.tags[2], "two");
    assert_null(item.row.tags[3]);
    assert_int_equal(item.row.kept, 1500000000);
    assert_int_equal(item.row.published, 1500000000);
    row_of(s, -2, a, &item);
    assert_int_equal(item.row.kept, T0 + 5000);
    const char *note;
    assert_true(store_note(s, -2, a, &note, &e));
    assert_string_equal(note, "noted");
    int64_t *ids;
    size_t n;
    assert_true(store_carry_bare(s, &ids, &n, &e));
    assert_int_equal(n, 2);
    assert_int_equal(ids[0], -1);
    free(ids);
    // A text for what was only an address.
    COUNTS(take(s, "[{\"url\": \"https://a.example/x\", \"content\": \"<p>The text.</p>\"}]", NULL),
           0, 1, 0);
    row_of(s, -1, a, &item);
    assert_string_equal(item.content, "<p>The text.</p>");
    assert_int_equal(item.row.words, 2);
    assert_true(store_carry_bare(s, &ids, &n, &e));
    assert_int_equal(n, 1);
    free(ids);
    arena_free(a);
    store_close(s);
    free(library_path("bring"));
    free(path);
}

static void an_essay_of_a_feed_is_kept_whole(void **state)
{
    (void)state;
    char *path = library_path("bring");
    struct store *s = library_open(path, STORE_WRITE);
    struct arena *a = arena_new();
    struct item_body item;
    struct feed_update *u = update_new("Slow Letters", 1);
    update_add(u, "essay", "An Essay", T0, "<p>All of it.</p>");
    library_apply(s, library_feed(s, "https://slow.example/feed"), u, T0 + 60);
    update_free(u);
    COUNTS(take(s,
                BROWSER("<DT><A HREF=\"http://example.org/essay/\" ADD_DATE=\"1500000000\" "
                        "TAGS=\"mine\">Another title</A>"),
                NULL),
           1, 0, 0);
    row_of(s, -1, a, &item);
    assert_string_equal(item.content, "<p>All of it.</p>");
    assert_string_equal(item.row.title, "An Essay");
    assert_string_equal(item.row.tags[0], "mine");
    assert_int_equal(item.row.kept, 1500000000);
    assert_int_equal(item.row.entry, 1);
    arena_free(a);
    store_close(s);
    free(library_path("bring"));
    free(path);
}

// ---- there and back ----

static void fill(struct store *s)
{
    struct err e = ERR_INIT;
    struct feed_update *u = update_new("Slow Letters", 3);
    struct feed_entry *x =
        update_add(u, "a", "First \xe2\x80\x94 \"of\" <two>", T0, "<p>One <b>&amp;</b> two.\n</p>");
    x->language = "de";
    x->subtitle = "Under it";
    x->preview = true;
    update_audio(u, x, "https://slow.example/a.mp3", 61);
    update_add(u, "b", "Second", T0 + 5, "<p>Text.</p>");
    update_add(u, "c", "Only a summary", T0 + 9, NULL)->summary = "A <i>summary</i>";
    library_apply(s, library_feed(s, "https://slow.example/feed"), u, T0 + 60);
    update_free(u);
    for (int64_t i = 1; i <= 3; i++) {
        int64_t id;
        assert_true(store_bookmark_entry(s, i, T0 + 100, &id, NULL, &e)); // all at one moment
    }
    assert_true(store_bookmark_tag(s, -1, "a tag, with a comma", true, &e));
    store_set_place(s, -2, 5, 0.25, T0 + 200);
    store_set_place(s, -3, 9, 1, T0 + 300);
    store_set_mark(s, (struct place_mark){-2, 'q', 3});
    store_set_note(s, -1, "A note\nof two lines");
    store_highlight_add(s, -1,
                        &(struct highlight){.quote = "& two",
                                            .from = 4,
                                            .to = 9,
                                            .before = "One ",
                                            .after = ".",
                                            .made = T0 + 50,
                                            .colour = HIGHLIGHT_BLUE,
                                            .note = "mine"});
    store_highlight_add(
        s, 2,
        &(struct highlight){
            .quote = "Text", .from = 0, .to = 4, .before = "", .after = ".", .made = T0 + 60});
    // The same address twice, with texts of their own.
    struct snapshot page = {.title = "A page",
                            .content = "Plain\n\ntext",
                            .content_len = 11,
                            .type = CONTENT_TEXT,
                            .url = "https://example.org/a",
                            .words = 2};
    int64_t id;
    assert_true(store_bookmark_snapshot(s, &page, T0 + 400, &id, &e));
    page = (struct snapshot){
        .title = "A file", .content = "# M", .content_len = 3, .type = CONTENT_MARKDOWN};
    assert_true(store_bookmark_snapshot(s, &page, T0 + 500, &id, &e));
    assert_true(store_flush(s, 1000, &e));
}

static char *json_of(struct store *s)
{
    struct shelf sh = {.kind = SHELF_BOOKMARKS};
    struct export_what what = {0};
    struct err e = ERR_INIT;
    struct buf b = {0};
    int64_t *ids;
    size_t n;
    char *file = program_path("there.json");
    assert_true(store_ids(s, &sh, false, 0, 0, &ids, &what.n, &e));
    for (size_t i = 0; i < what.n / 2; i++) {
        int64_t id = ids[i];
        ids[i] = ids[what.n - 1 - i];
        ids[what.n - 1 - i] = id;
    }
    what.ids = ids;
    if (!export_file(s, EXPORT_JSON, &what, file, &n, &e))
        fail_msg("%s", e.msg);
    assert_int_equal(n, what.n);
    assert_true(buf_read_file(&b, file, 1 << 24, &e));
    unlink(file);
    free(file);
    free(ids);
    return buf_take(&b, NULL);
}

static void json_brings_all_back(void **state)
{
    (void)state;
    char *here = library_path("bring"), *there = library_path("bring-there");
    struct store *s = library_open(here, STORE_WRITE), *t = library_open(there, STORE_WRITE);
    struct err e = ERR_INIT;
    fill(s);
    char *json = json_of(s);
    COUNTS(take(t, json, NULL), 5, 0, 0);
    COUNTS(take(t, json, NULL), 0, 0, 5);
    COUNTS(take(s, json, NULL), 0, 0, 5);
    char *again = json_of(t);
    assert_string_equal(again, json);
    free(again);
    again = json_of(s); // taking it back where it is from changes nothing
    assert_string_equal(again, json);
    free(again);
    // What was thrown away meanwhile comes back; what was tagged stays tagged.
    assert_true(store_bookmark_remove(t, -2, &e));
    assert_true(store_bookmark_tag(t, -3, "later", true, &e));
    COUNTS(take(t, json, NULL), 0, 1, 4);
    struct arena *a = arena_new();
    struct item_body item;
    row_of(t, -3, a, &item);
    assert_string_equal(item.row.tags[0], "later");
    row_of(t, -2, a, &item);
    arena_free(a);
    free(json);
    store_close(s);
    store_close(t);
    free(library_path("bring"));
    free(library_path("bring-there"));
    free(here);
    free(there);
}

static void older_libraries_give_names(void **state)
{
    (void)state;
    char *path = library_path("bring");
    struct store *s = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    struct arena *a = arena_new();
    struct carried one, two;
    fill(s);
    assert_true(store_carried(s, -1, a, &one, &e) && store_carried(s, -2, a, &two, &e));
    assert_int_equal(strlen(one.uid), 16);
    assert_string_not_equal(one.uid, two.uid);
    int64_t id;
    bool binned;
    assert_true(store_carried_find(s, two.uid, &id, &binned, &e));
    assert_int_equal(id, -2);
    assert_false(binned);
    assert_true(store_bookmark_remove(s, -2, &e));
    assert_true(store_carried_find(s, two.uid, &id, &binned, &e) && binned);
    assert_true(store_carried_find(s, "nobody", &id, &binned, &e));
    assert_int_equal(id, 0);
    arena_free(a);
    store_close(s);
    free(library_path("bring"));
    free(path);
}

// ---- from the shell ----

static void the_program_tells_what_it_took(void **state)
{
    (void)state;
    char *path = library_path("bring"), *file = golden("browser.html"),
         *line = mem_printf("--library '%s' import -t kept '%s'", path, file),
         *dry = mem_printf("--library '%s' import --dry-run '%s'", path, file),
         *pipe = mem_printf("--library '%s' import - <'%s' 2>&1 #", path, file),
         *list = mem_printf("--library '%s' import - <<'E'\nhttps://a.example/feed\nE\n#", path);
    struct buf out = {0}, err = {0};
    assert_int_equal(program_run(dry, &out, &err), 0);
    assert_non_null(strstr(out.data, "5 bookmarks; nothing was added"));
    assert_int_equal(program_run(line, &out, &err), 0);
    assert_non_null(strstr(out.data, "a browser's bookmarks: 4 added, 0 changed, 1 there already"));
    assert_non_null(strstr(out.data, "Of 4 only the address is known"));
    assert_non_null(strstr(err.data, "browser.html:8: skipped place:"));
    assert_non_null(strstr(err.data, "browser.html:23: skipped javascript:alert(1): it is no"));
    assert_int_equal(program_run(pipe, &out, NULL), 0);
    assert_non_null(strstr(out.data, "0 added, 0 changed, 5 there already"));
    assert_int_equal(program_run(list, &out, NULL), 0); // a pipe of addresses is still one
    assert_non_null(strstr(out.data, "1 added, 0 there already"));
    buf_free(&out);
    buf_free(&err);
    free(line);
    free(dry);
    free(pipe);
    free(list);
    free(file);
    free(library_path("bring"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(other_files_are_refused),
#ifdef HAVE_CSV
        cmocka_unit_test(an_address_of_nothing_is_none),
#endif
        cmocka_unit_test(nothing_comes_twice),
        cmocka_unit_test(an_essay_of_a_feed_is_kept_whole),
        cmocka_unit_test(json_brings_all_back),
        cmocka_unit_test(older_libraries_give_names),
        cmocka_unit_test(the_program_tells_what_it_took),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
