// Searches in all texts: what is found of a fixed library, by the index and without it; that both
// always find the same; and that the index stays in step with the library, whatever happens to
// either.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/essay.h"
#include "lectern/find.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "lectern/whole.h"
#include "../support/library.h"

#define NOW 1795335300 // Sunday 22 November 2026, 08:15 UTC
#define DAY 86400
static const struct when utc = {0};

static void indexed(struct store *s)
{
    struct err e = ERR_INIT;
    for (bool more = true; more;)
        if (!find_index(s, 7, &more, &e))
            fail_msg("%s", e.msg);
    if (!search_check(s, &e))
        fail_msg("%s", e.msg);
}

static struct finding *found(struct store *s, const char *words, bool partial,
                             enum find_order order)
{
    struct err e = ERR_INIT;
    struct finding *f = finding_new(words, utc, NOW, partial, order);
    while (finding_step(f, s, &e))
        ;
    if (e.kind != ERR_NONE)
        fail_msg("“%s”: %s", words, e.msg);
    return f;
}

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

// "1 3 b2", sorted by id or as they were found.
static char *ids_of(struct store *s, const char *words, bool sorted, enum find_order order)
{
    struct finding *f = found(s, words, false, order);
    size_t n;
    const int64_t *ids = finding_ids(f, &n);
    int64_t *copy = mem_array(n + 1, sizeof *copy);
    if (n)
        memcpy(copy, ids, n * sizeof *copy);
    if (sorted)
        qsort(copy, n, sizeof *copy, by_id);
    struct buf b = {0};
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, copy[i] < 0 ? "%sb%lld" : "%s%lld", i ? " " : "",
                   (long long)(copy[i] < 0 ? -copy[i] : copy[i]));
    free(copy);
    finding_free(f);
    return buf_take(&b, NULL);
}

static void finds(struct store *s, const char *words, const char *ids)
{
    char *there = ids_of(s, words, true, FIND_BEST);
    if (strcmp(there, ids) != 0)
        fail_msg("“%s” finds %s and not %s", words, there, ids);
    free(there);
}

// ---- a library to search ----

static void fill(struct store *s)
{
    struct err e = ERR_INIT;
    int64_t letters = library_feed(s, "https://slow.example/feed"),
            harbour = library_feed(s, "https://harbour.example/feed");
    struct feed_update *u = update_new("Slow Letters", 6);
    static struct person ada = {.name = "Ada Lind"}, jose = {.name = "José Œuvré"};
    struct feed_entry *n;
    // Entries get their ids last first.
    n = update_add(u, "5", "東京の手紙", NOW - 1 * DAY,
                   "<p>東京都の郵便局。 手紙を書く人が iPhone手机 を使う。</p>");
    n->language = "ja";
    n = update_add(u, "4", "On Margins", NOW - 9 * DAY,
                   "<p>A margin is for the letter you did not write. It isn’t a harbour.</p>");
    n->authors = &jose;
    n->nauthors = 1;
    n = update_add(
        u, "3", "The Post", NOW - 20 * DAY,
        "<p>The post carried a quiet letter<sup id='fnref:1'><a href='#fn:1'>1</a></sup> to "
        "the sea.</p><p>Łódź and the <em>Straße</em>: naïve cafés.</p>"
        "<div class='footnotes'><ol><li id='fn:1'>A footnote of whales. <a "
        "href='#fnref:1'>↩</a></li></ol></div>");
    n->words = 4600;
    n = update_add(u, "2", "A Quiet Letter", NOW - 40 * DAY, "<p>Nothing of note here.</p>");
    n->subtitle = "What the bell wants";
    n->authors = &ada;
    n->nauthors = 1;
    update_audio(u, n, "https://a.example/1.mp3", 60);
    n = update_add(u, "1", "Letter to Nobody", NOW - 400 * DAY,
                   "<p>A letter, a quiet one, that went on and on and on, until the post office "
                   "closed and the letter was quiet.</p>");
    library_apply(s, letters, u, NOW);
    update_free(u);
    u = update_new("The Harbour Post", 3);
    n = update_add(u, "h2", "Only a summary", NOW - 2 * DAY, NULL);
    n->summary = "Ships and margins.";
    n->summary_type = CONTENT_TEXT;
    n = update_add(u, "h1", "Ships", NOW - 3 * DAY,
                   "<p>The harbour has ships. A letter from the sea.</p>");
    n->authors = &ada;
    n->nauthors = 1;
    library_apply(s, harbour, u, NOW);
    update_free(u);
    assert_true(store_feed_tag(s, letters, "slow", true, &e));
    int64_t id, read[] = {1, 6};
    bool there;
    assert_true(store_bookmark_entry(s, 3, NOW, &id, &there, &e));
    assert_int_equal(id, -1);
    assert_true(store_bookmark_tag(s, id, "sea", true, &e));
    struct snapshot page = {.title = "A kept page",
                            .content = "<p>The whales of the harbour.</p>",
                            .content_len = 33,
                            .type = CONTENT_HTML,
                            .published = NOW - 5 * DAY};
    assert_true(store_bookmark_snapshot(s, &page, NOW, &id, &e));
    assert_int_equal(id, -2);
    store_set_read(s, read, 2, true);
    assert_true(store_flush(s, 1000, &e));
}

static const struct {
    const char *words, *ids;
} table[] = {
    // words, beginnings, phrases
    {"letter", "1 2 3 4 6"},
    {"LETTER", "1 2 3 4 6"},
    {"lett", ""},
    {"lett*", "1 2 3 4 6"},
    {"quiet letter", "1 2 3"},
    {"\"quiet letter\"", "2 3"},
    {"\"quiet lett\"*", "2 3"},
    {"\"letter quiet\"", ""},
    {"isn't", "4"},
    {"“isn’t”", "4"},
    {"bell", "2"},   // the subtitle
    {"lind", "2 6"}, // the author
    {"sea -post", "6"},
    {"NOT post sea", "6"},
    {"letter -quiet -sea", "4"},
    {"-letter", "b2 5 7"},
    {"whales OR margins", "b2 3 4 7"},
    {"whales OR margins letter", "3 4"}, // OR binds closer
    {"whales OR -letter", "b2 3 5 7"},
    {"quiet NEAR letter", "1 2 3"},
    {"quiet NEAR/1 letter", "1 2 3"},
    {"quiet NEAR/0 letter", "2 3"},
    {"post NEAR/1 sea", ""},
    {"post NEAR/6 sea", "3"},
    {"sea NEAR/6 post", "3"},
    // folding
    {"lodz strasse naive cafes", "3"},
    {"LÓDŹ", "3"},
    {"oeuvre", "4"},
    {"jose", "4"},
    // what is not of the essay
    {"letter1", ""},
    {"footnote", "3"},
    {"brings", ""}, // Lectern's own words about a summary
    {"ships margins", "7"},
    // Han and kana
    {"東京", "5"},
    {"京都", "5"},
    {"東", "5"},
    {"東都", ""},
    {"郵便局", "5"},
    {"iphone手", "5"},
    {"手紙 東京", "5"},
    // field words
    {"title:letter", "1 2"},
    {"title:lett*", "1 2"},
    {"-title:letter letter", "3 4 6"},
    {"author:lind", "2 6"},
    {"by:lind letter", "2 6"},
    {"author:letter", ""},
    {"feed:harbour letter", "6"},
    {"-feed:harbour letter", "1 2 3 4"},
    {"tag:slow letter", "1 2 3 4"},
    {"tag:sea letter", "3"},
    {"tag:sea", "3"},
    {"letter is:unread", "2 3 4"},
    {"letter is:read", "1 6"},
    {"letter is:bookmarked", "3"},
    {"is:bookmarked", "b2 3"},
    {"has:audio", "2"},
    {"letter has:audio", "2"},
    {"letter longer:20", "3"},
    {"letter under:5", "1 2 4 6"},
    {"letter after:2026-11", "3 4 6"},
    {"letter before:2026-11", "1 2"},
    {"letter after:7d", "6"},
    {"after:2026-11-20", "5 7"},
    {"whales OR feed:harbour", "b2 3 6 7"},
    {"letter whales OR is:read", "1 3 6"},
    {"title:ships OR has:audio", "2 6"},
    // nothing that is typed is wrong
    {"", ""},
    {"   ", ""},
    {"\"", ""},
    {"\"quiet letter", "2 3"},
    {"♥", ""},
    {"♥ letter", "1 2 3 4 6"},
    {"letter AND", "1 2 3 4 6"},
    {"letter OR", "1 2 3 4 6"},
    {"OR letter", ""}, // "or" is not there
    {"letter)(*^{}", "1 2 3 4 6"},
    {"{title}:letter", ""},
    {"text:letter", ""},
    {"letter NEAR", "1 2 3 4 6"},
    {"'letter' ; --", "1 2 3 4 6"},
    {"is:blue letter", "1 2 3 4 6"},
    {"l*", ""}, // one letter is too little: it stands for itself
    {"title:", ""},
    {"-", ""},
    {"*", ""},
};

struct library {
    char *path;
    struct store *s;
};

static int set_up(void **state)
{
    struct library *l = mem_alloc(sizeof *l);
    l->path = library_path("find");
    l->s = library_open(l->path, STORE_WRITE);
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    struct library *l = *state;
    store_close(l->s);
    free(library_path("find"));
    free(l->path);
    free(l);
    return 0;
}

static void all_of_the_table(struct store *s)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        finds(s, table[i].words, table[i].ids);
}

static void by_the_index(void **state)
{
    struct library *l = *state;
    fill(l->s);
    indexed(l->s);
    all_of_the_table(l->s);
}

static void without_it(void **state)
{
    struct library *l = *state;
    fill(l->s);
    all_of_the_table(l->s);
    struct err e = ERR_INIT;
    bool more;
    for (int i = 0; i < 3; i++) { // and by both
        assert_true(find_index(l->s, 2, &more, &e));
        all_of_the_table(l->s);
    }
    store_close(l->s);
    l->s = library_open(l->path, STORE_READ);
    all_of_the_table(l->s);
}

static void best_first(void **state)
{
    struct library *l = *state;
    fill(l->s);
    for (int round = 0; round < 2; round++) {
        char *ids = ids_of(l->s, "quiet letter", false, FIND_BEST);
        assert_int_equal(ids[0], '2'); // all of it in the title
        free(ids);
        ids = ids_of(l->s, "letter", false, FIND_NEWEST);
        assert_string_equal(ids, "6 4 3 2 1");
        free(ids);
        indexed(l->s);
    }
}

static void what_is_not_understood_is_said(void **state)
{
    struct library *l = *state;
    static const struct {
        const char *words, *says;
    } said[] = {
        {"is:blue letter", "is:blue"}, {"under:ten", "minutes"}, {"♥", "no word"},
        {"l* letter", "One letter"},   {"letter", NULL},         {"", NULL},
    };
    fill(l->s);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct finding *f = found(l->s, said[i].words, false, FIND_BEST);
        const char *remark = finding_remark(f);
        if (!remark != !said[i].says || (remark && !strstr(remark, said[i].says)))
            fail_msg("“%s” says %s", said[i].words, remark ? remark : "nothing");
        finding_free(f);
    }
    struct buf much = {0};
    for (int i = 0; i < 3000; i++)
        buf_printf(&much, "\"w%d x\" OR -(((NEAR ", i);
    struct finding *f = found(l->s, much.data, false, FIND_BEST);
    assert_non_null(strstr(finding_remark(f), "too many"));
    finding_free(f);
    buf_free(&much);
}

static void as_it_is_typed(void **state)
{
    struct library *l = *state;
    fill(l->s);
    static const struct {
        const char *typed;
        size_t n;
    } steps[] = {{"l", 0},      {"le", 0},        {"let", 5}, {"letter", 5},
                 {"lette ", 0}, {"quiet let", 3}, {"東", 1}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct finding *f = found(l->s, steps[i].typed, true, FIND_BEST);
        size_t n;
        finding_ids(f, &n);
        assert_int_equal(n, steps[i].n);
        finding_free(f);
    }
}

// ---- the sentence ----

static void the_sentence_it_is_in(void **state)
{
    struct library *l = *state;
    struct err e = ERR_INIT;
    static const struct {
        const char *words;
        int64_t id;
        const char *text; // what is marked in brackets
    } said[] = {
        {"letter harbour", 4, "A margin is for the [letter] you did not write."},
        {"isn't", 4, "It [isn’t] a harbour."},
        {"quiet letter", 3, "The post carried a [quiet] [letter] to the sea."},
        {"\"quiet letter\"", 3, "The post carried a [quiet letter] to the sea."},
        {"lodz", 3, "[Łódź] and the Straße: naïve cafés."},
        {"letter", 2, "What the bell wants"}, // only the title has it
        {"bell", 2, "What the [bell] wants"},
        {"東京", 5, "[東京]都の郵便局。"},
        {"手", 5, "[手]紙を書く人が iPhone[手]机 を使う。"},
        {"is:unread", 4, "A margin is for the letter you did not write."},
        {"letter -quiet", 6, "A [letter] from the sea."},
    };
    fill(l->s);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct arena *a = arena_new();
        struct item_body body;
        struct sentence sentence;
        struct finding *f = found(l->s, said[i].words, false, FIND_BEST);
        assert_true(store_item(l->s, said[i].id, a, &body, &e));
        finding_sentence(f, &body, &sentence);
        struct buf b = {0};
        size_t at = 0;
        for (size_t k = 0; k < sentence.n; k++) {
            const struct match *m = &sentence.marks[k];
            buf_add(&b, sentence.text + at, m->off - at);
            buf_printf(&b, "[%.*s]", (int)m->len, sentence.text + m->off);
            at = m->off + m->len;
        }
        buf_str(&b, sentence.text + at);
        // Where the note mark stands is a blank less, or one more.
        assert_string_equal(b.data, said[i].text);
        if (sentence.off != DOC_NONE) {
            struct doc *d = essay_document(&body);
            assert_memory_equal(d->text + sentence.off, sentence.text + sentence.marks[0].off, 1);
            doc_free(d);
        }
        buf_free(&b);
        sentence_free(&sentence);
        finding_free(f);
        arena_free(a);
    }
}

static void fits_a_line(void **state)
{
    (void)state;
    static const char text[] = "It begins with many words that nobody looks for, goes on in the "
                               "same way, and then has the letter, and ends much later than that.";
    for (int cols = 1; cols < 140; cols++) {
        struct sentence s = {
            .text = mem_strdup(text), .marks = mem_array(1, sizeof *s.marks), .n = 1};
        s.marks[0] = (struct match){(size_t)(strstr(text, "letter") - text), 6};
        sentence_fit(&s, cols, false);
        assert_true(utf8_cols(s.text, strlen(s.text)) <= cols);
        if (cols >= 24) {
            assert_int_equal(s.n, 1);
            assert_memory_equal(s.text + s.marks[0].off, "letter", 6);
        }
        sentence_free(&s);
    }
}

// ---- in step ----

static void changes_are_followed(void **state)
{
    struct library *l = *state;
    struct err e = ERR_INIT;
    fill(l->s);
    indexed(l->s);
    int64_t letters = 1;
    // An essay says something else: found by the new words before and after it is indexed again.
    struct feed_update *u = update_new("Slow Letters", 1);
    update_add(u, "4", "On Margins", NOW - 9 * DAY, "<p>Walrus and carpenter.</p>");
    library_apply(l->s, letters, u, NOW + 1);
    update_free(u);
    for (int round = 0; round < 2; round++) {
        finds(l->s, "walrus", "4");
        finds(l->s, "isn't", "");
        finds(l->s, "letter", "1 2 3 6");
        indexed(l->s);
    }
    // One goes; its bookmark stands for itself from then on.
    int64_t gone[] = {3, 6};
    assert_true(store_entries_remove(l->s, gone, 2, &e));
    finds(l->s, "letter", "b1 1 2");
    finds(l->s, "sea", "b1");
    indexed(l->s);
    finds(l->s, "letter", "b1 1 2");
    // A bookmark is let go and comes back.
    assert_true(store_bookmark_remove(l->s, -1, &e));
    finds(l->s, "letter", "1 2");
    indexed(l->s);
    finds(l->s, "letter", "1 2");
    assert_true(store_bookmark_restore(l->s, -1, &e));
    finds(l->s, "letter", "b1 1 2");
    indexed(l->s);
    finds(l->s, "letter", "b1 1 2");
    // A feed goes and comes back, some of it never indexed.
    u = update_new("Slow Letters", 1);
    update_add(u, "9", "Later", NOW, "<p>A letter of walrus.</p>");
    library_apply(l->s, letters, u, NOW + 2);
    update_free(u);
    assert_true(store_feed_bin(l->s, letters, &e));
    finds(l->s, "letter", "b1");
    u = update_new("The Harbour Post", 1);
    update_add(u, "h9", "Another", NOW, "<p>Not that.</p>");
    library_apply(l->s, 2, u, NOW + 3);
    update_free(u);
    indexed(l->s);
    assert_true(store_feed_restore(l->s, letters, &e));
    for (int round = 0; round < 2; round++) {
        finds(l->s, "letter", "b1 1 2 8");
        finds(l->s, "walrus", "4 8");
        indexed(l->s);
    }
    // Emptied, it is made again.
    assert_true(search_reset(l->s, &e));
    finds(l->s, "walrus", "4 8");
    indexed(l->s);
    finds(l->s, "walrus", "4 8");
}

static void notes_are_looked_through(void **state)
{
    struct library *l = *state;
    struct err e = ERR_INIT;
    fill(l->s);
    store_set_note(l->s, -2, "Quote this to Ada; narwhals. Then whales.");
    struct highlight h = {.from = 4,
                          .to = 8,
                          .quote = "post",
                          .before = "",
                          .after = "",
                          .note = "A narwhal was meant."};
    int64_t id = store_highlight_add(l->s, 3, &h);
    assert_true(id > 0);
    assert_true(store_flush(l->s, 1000, &e));
    for (int round = 0; round < 2; round++) {
        finds(l->s, "narwhal*", "b2 3");
        finds(l->s, "narwhal letter", "3"); // one in the note, one in the text
        finds(l->s, "narwhals harbour", "b2");
        finds(l->s, "whales -narwhals", "3");
        finds(l->s, "letter -narwhal", "1 2 4 6");
        finds(l->s, "title:narwhal", "");
        indexed(l->s);
    }
    struct finding *f = found(l->s, "narwhals", false, FIND_BEST);
    struct arena *a = arena_new();
    struct item_body body;
    struct sentence sentence;
    assert_true(store_item(l->s, -2, a, &body, &e));
    finding_sentence(f, &body, &sentence);
    assert_string_equal(sentence.text, "Note: Quote this to Ada; narwhals.");
    assert_int_equal(sentence.n, 1);
    assert_memory_equal(sentence.text + sentence.marks[0].off, "narwhals", 8);
    sentence_free(&sentence);
    arena_free(a);
    finding_free(f);
    store_highlight_remove(l->s, id);
    store_set_note(l->s, -2, NULL);
    assert_true(store_flush(l->s, 1000, &e));
    finds(l->s, "narwhal*", "");
}

// Where the article of a page stands in the place of a summary, its words are found.
static void articles_of_pages_are_found(void **state)
{
    struct library *l = *state;
    struct err e = ERR_INIT;
    static const char text[] = "<p>The narwhal at length.</p>";
    struct whole w = {.content = text, .content_len = sizeof text - 1, .words = 4, .fetched = NOW};
    fill(l->s);
    indexed(l->s);
    finds(l->s, "ships margins", "7");
    assert_true(store_whole_put(l->s, 7, &w, &e));
    for (int round = 0; round < 2; round++) {
        finds(l->s, "narwhal", "7");
        finds(l->s, "ships margins", "");
        indexed(l->s);
    }
    assert_true(store_whole_show(l->s, 7, false, &e));
    for (int round = 0; round < 2; round++) {
        finds(l->s, "narwhal", "");
        finds(l->s, "ships margins", "7");
        indexed(l->s);
    }
}

static void what_is_changed_meanwhile_waits(void **state)
{
    struct library *l = *state;
    struct err e = ERR_INIT;
    fill(l->s);
    struct search_item items[16];
    struct search_doc docs[16];
    size_t n;
    assert_true(search_waiting(l->s, items, 16, &n, &e));
    assert_int_equal(n, 9);
    for (size_t i = 0; i < n; i++)
        docs[i] = (struct search_doc){.of = items[i], .column = {"walrus"}};
    struct feed_update *u = update_new("Slow Letters", 1);
    update_add(u, "4", "On Margins", NOW - 9 * DAY, "<p>Other words.</p>");
    library_apply(l->s, 1, u, NOW + 1);
    update_free(u);
    assert_true(search_put(l->s, docs, n, &e));
    finds(l->s, "walrus", "b2 1 2 3"); // up to the one that was changed
    indexed(l->s);
    finds(l->s, "other", "4");
}

// ---- index and scan find the same ----

static uint64_t seed = 88172645463325252u;
static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 32) % below;
}

static const char *const vocabulary[] = {"letter",  "quiet", "post", "sea",  "Letters", "Été",
                                         "naïve",   "a",     "the",  "of",   "東京",    "京都の",
                                         "don’t",   "it-is", "Łódź", "post", "quietly", "手",
                                         "harbour", "3.14",  "sea,", "a.b"};
enum { WORDS = sizeof vocabulary / sizeof *vocabulary };

static void some_words(struct buf *out, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? any(9) ? " " : "。" : "", vocabulary[any(WORDS)]);
}

static void a_query(struct buf *out)
{
    static const char *const between[] = {" ",      " ",        " ",  " OR ",
                                          " NEAR ", " NEAR/2 ", " -", " AND "};
    static const char *const fields[] = {"", "", "", "", "title:", "author:", "is:unread ", "-"};
    buf_clear(out);
    for (uint32_t i = 0, n = 1 + any(4); i < n; i++) {
        if (i)
            buf_str(out, between[any(8)]);
        buf_str(out, fields[any(8)]);
        bool quoted = any(4) == 0;
        if (quoted)
            buf_char(out, '"');
        some_words(out, quoted ? 1 + any(3) : 1);
        if (quoted)
            buf_char(out, '"');
        if (any(5) == 0)
            buf_char(out, '*');
    }
}

static void index_and_scan_agree(void **state)
{
    struct library *l = *state;
    char *other = library_path("find-scan");
    struct store *scanned = library_open(other, STORE_WRITE);
    struct store *both[] = {l->s, scanned};
    int64_t feeds[2] = {library_feed(l->s, "https://a.example/f"),
                        library_feed(scanned, "https://a.example/f")};
    static struct person who = {.name = "Quiet Post"};
    struct buf text = {0};
    int64_t read[100];
    size_t nread = 0;
    for (int batch = 0; batch < 4; batch++) {
        struct feed_update *u = update_new("Feed", 60);
        for (int i = 0; i < 60; i++) {
            buf_clear(&text);
            buf_str(&text, "<p>");
            some_words(&text, any(12));
            buf_str(&text, "</p><p>");
            some_words(&text, 1 + any(40));
            buf_str(&text, "</p>");
            struct feed_entry *n =
                update_add(u, arena_printf(u->arena, "%d", batch > 2 ? i : batch * 60 + i), "",
                           NOW - any(1000) * DAY, text.data);
            buf_clear(&text);
            some_words(&text, any(4));
            n->title = arena_strdup(u->arena, buf_cstr(&text));
            if (any(3) == 0) {
                n->authors = &who;
                n->nauthors = 1;
            }
            if (any(3) == 0 && nread < 100)
                read[nread++] = batch * 60 + i + 1;
        }
        for (int k = 0; k < 2; k++)
            library_apply(both[k], feeds[k], u, NOW + batch);
        update_free(u);
        indexed(l->s);
    }
    for (int k = 0; k < 2; k++) {
        struct err e = ERR_INIT;
        store_set_read(both[k], read, nread, true);
        assert_true(store_flush(both[k], 1000, &e));
    }
    for (int i = 0; i < 400; i++) {
        a_query(&text);
        char *x = ids_of(l->s, text.data, true, i % 2 ? FIND_BEST : FIND_NEWEST),
             *y = ids_of(scanned, text.data, true, FIND_BEST);
        if (strcmp(x, y) != 0)
            fail_msg("“%s” finds %s by the index, %s without", text.data, x, y);
        free(x);
        free(y);
    }
    buf_free(&text);
    store_close(scanned);
    free(library_path("find-scan"));
    free(other);
}

// ---- killed in the middle ----

static void nothing_is_lost_when_it_is_killed(void **state)
{
    struct library *l = *state;
    struct err e = ERR_INIT;
    struct buf text = {0};
    int64_t feed = library_feed(l->s, "https://a.example/f");
    struct feed_update *u = update_new("Feed", 600);
    for (int i = 0; i < 600; i++) {
        buf_clear(&text);
        some_words(&text, 60);
        buf_printf(&text, " number%d", 600 - i);
        update_add(u, arena_printf(u->arena, "%d", 600 - i), "Title", NOW, text.data);
    }
    library_apply(l->s, feed, u, NOW);
    update_free(u);
    store_close(l->s);
    int64_t left = 1, of;
    for (int round = 0; left; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct store *s;
            if (!store_open(l->path, STORE_WRITE, &s, &e))
                _exit(2);
            for (bool more = true; more;) {
                if (!find_index(s, 8, &more, &e) || write(ends[1], ".", 1) != 1)
                    _exit(3);
            }
            close(ends[1]);
            for (;;)
                pause();
        }
        close(ends[1]);
        char c;
        for (int k = 0; k < 1 + round % 9 && read(ends[0], &c, 1) == 1; k++)
            ;
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        close(ends[0]);
        l->s = library_open(l->path, STORE_WRITE);
        if (!search_check(l->s, &e))
            fail_msg("%s", e.msg);
        assert_true(search_progress(l->s, &left, &of, &e));
        if (round % 8 == 0 || !left)
            finds(l->s, "number1 OR number300 OR number600", "1 300 600");
        store_close(l->s);
    }
    l->s = library_open(l->path, STORE_WRITE);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_the_index, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(best_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(as_it_is_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_sentence_it_is_in, set_up, tear_down),
        cmocka_unit_test(fits_a_line),
        cmocka_unit_test_setup_teardown(changes_are_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(notes_are_looked_through, set_up, tear_down),
        cmocka_unit_test_setup_teardown(articles_of_pages_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_changed_meanwhile_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(index_and_scan_agree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_lost_when_it_is_killed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
