// The fixed library of the screen tests: five newsletters in every state a shelf can show, one
// essay with all that an essay has.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/store.h"
#include "screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define DAY 86400

static const char essay[] =
    "<p>In the winter of 1690 a London bookseller named John Dunton asked his readers to write to "
    "him, promised to answer "
    "everything, and found himself with more mail than any one man could open.<a "
    "class=\"footnote-anchor\" "
    "href=\"#footnote-1\" id=\"footnote-anchor-1\">1</a> He had not invented the newsletter; "
    "handwritten ones had crossed "
    "Europe for a hundred years. He had found out what makes one work: it is a letter, and it "
    "expects you to be there.</p>"
    "<h2>What the post carried</h2>"
    "<p>Letters were charged by the sheet, so people wrote to the edge, turned the page, and wrote "
    "again across their own "
    "lines. The first editors did the same with <em>news</em>.</p>"
    "<blockquote><p>A letter is the only device for combining solitude and good "
    "company.</p></blockquote>"
    "<p>What a merchant in Augsburg paid for was not that the news was new. Couriers were slow, "
    "and everybody knew it. He paid "
    "for a voice: one man in Venice who had heard what was said on the Rialto, thought about it "
    "over supper, and wrote down "
    "what seemed to him worth a stranger's attention.<a class=\"footnote-anchor\" "
    "href=\"#footnote-2\" "
    "id=\"footnote-anchor-2\">2</a> The <a href=\"https://letters.example/avvisi\">avvisi</a> that "
    "survive are full of "
    "hesitation. They say <em>it is believed here</em> and <em>others hold</em>, and they say it "
    "to somebody.</p>"
    "<ul><li>They came on a known day, and were missed when they did not.</li>"
    "<li>They were written by one hand, and it showed.</li>"
    "<li>They could be answered.</li></ul>"
    "<h2>The sheet and the screen</h2>"
    "<p>A sheet of paper has an edge, and the edge is a kindness. It tells the writer when to stop "
    "and the reader how much is "
    "left. Scrolling took the edge away, and with it the small, regular satisfaction of turning a "
    "leaf: the thumb that knows "
    "before the eye does that the chapter is nearly over.</p>"
    "<figure><img src=\"https://letters.example/room.jpg\" alt=\"A reading room\"><figcaption>A "
    "reading room, about 1900. "
    "Photograph: city archive</figcaption></figure>"
    "<p>A terminal, of all things, still has one. It has so many rows and no more; what does not "
    "fit waits on the next page. "
    "<strong>Nothing moves unless you ask.</strong> There is no column of other things to want "
    "beside the thing you are "
    "reading, and if the line drops in a tunnel the page stays where it was.</p>"
    "<pre><code>lectern add letters.example\nlectern</code></pre>"
    "<p>So the quiet return of the letter is less a return than a discovery that it had been "
    "waiting all along, in the one "
    "place where nobody thought to sell it back to us. See <a "
    "href=\"https://letters.example/archive\">the archive</a> for "
    "what Dunton's readers asked, and what he answered.</p>"
    "<hr><p>Next week: what a margin is for.</p>"
    "<div class=\"footnote\"><a id=\"footnote-1\" href=\"#footnote-anchor-1\" "
    "class=\"footnote-number\">1</a><div "
    "class=\"footnote-content\"><p>Dunton's <em>Athenian Mercury</em> ran for six years and "
    "answered some six thousand "
    "questions, many of them, he suspected, his own printer's.</p></div></div>"
    "<div class=\"footnote\"><a id=\"footnote-2\" href=\"#footnote-anchor-2\" "
    "class=\"footnote-number\">2</a><div "
    "class=\"footnote-content\"><p>He also paid for silence about who else was "
    "paying.</p></div></div>";

struct sheet {
    const char *title, *subtitle, *content, *summary;
    int64_t published;
    uint32_t words;
    const char *audio; // address
    int64_t seconds;
    bool preview, image, two;
};

static void put(struct store *s, int64_t feed, const char *title, const char *author,
                const struct sheet *sheets, size_t n, const struct fetch_outcome *o)
{
    struct err e = ERR_INIT;
    struct arena *a = arena_new();
    struct feed_update u = {
        .format = FEED_RSS2, .version = "2.0", .encoding = "utf-8", .title = title};
    u.entries = arena_alloc(a, (n + 1) * sizeof *u.entries);
    u.nentries = n;
    for (size_t i = 0; i < n; i++) {
        struct feed_entry *x = &u.entries[i];
        const struct sheet *in = &sheets[i];
        x->guid = x->url =
            arena_printf(a, "https://letters.example/%lld/%s-%zu", (long long)feed, in->title, i);
        x->url = arena_printf(a, "https://letters.example/p/%lld-%zu", (long long)feed, i);
        x->title = in->title;
        x->subtitle = in->subtitle;
        x->content = in->content;
        x->content_len = in->content ? strlen(in->content) : 0;
        x->type = in->content ? CONTENT_HTML : CONTENT_NONE;
        x->summary = in->summary;
        x->summary_type = in->summary ? CONTENT_TEXT : CONTENT_NONE;
        x->published = in->published;
        x->words = in->words;
        x->preview = in->preview;
        if (author) {
            x->authors = arena_alloc(a, sizeof *x->authors);
            x->authors[0].name = author;
            x->nauthors = 1;
        }
        x->enclosures = arena_alloc(a, 3 * sizeof *x->enclosures);
        if (in->image)
            x->enclosures[x->nenclosures++] =
                (struct enclosure){.url = "https://letters.example/cover.jpg",
                                   .type = "image/jpeg",
                                   .kind = ENCLOSURE_IMAGE};
        if (in->audio)
            x->enclosures[x->nenclosures++] = (struct enclosure){.url = in->audio,
                                                                 .type = "audio/mpeg",
                                                                 .seconds = in->seconds,
                                                                 .kind = ENCLOSURE_AUDIO};
        if (in->two)
            x->enclosures[x->nenclosures++] =
                (struct enclosure){.url = "https://letters.example/talk.ogg",
                                   .type = "audio/ogg",
                                   .title = "The talk",
                                   .seconds = 3723,
                                   .kind = ENCLOSURE_AUDIO};
    }
    struct fetch_state known;
    struct apply_counts counts;
    assert_true(store_fetch_state(s, feed, a, &known, &e));
    struct prepared *p = store_prepare(&u, &known);
    if (!store_apply(s, feed, p, o, &counts, &e))
        fail_msg("%s", e.msg);
    store_prepared_free(p);
    arena_free(a);
}

static int64_t add(struct store *s, const char *url, const char *tag)
{
    const char *tags[] = {tag, NULL};
    struct err e = ERR_INIT;
    int64_t id;
    bool existed;
    if (!store_feed_add(s, url, tag ? tags : NULL, &id, &existed, &e))
        fail_msg("%s", e.msg);
    return id;
}

void shelves_add(struct store *s, int64_t feed, const char *feed_title, const char *title,
                 int64_t published)
{
    shelves_add_html(s, feed, feed_title, title, "<p>Just arrived.</p>", published);
}

void shelves_add_html(struct store *s, int64_t feed, const char *feed_title, const char *title,
                      const char *html, int64_t published)
{
    struct sheet one = {title, NULL, html, NULL, published, 460, NULL, 0, false, false, false};
    struct fetch_outcome o = {
        .when = screen_clock(), .http_status = 200, .next_due = screen_clock() + 3600};
    put(s, feed, feed_title, NULL, &one, 1, &o);
}

void shelves_fill(struct store *s)
{
    const int64_t now = SCREEN_NOW;
    struct fetch_outcome good = {
        .when = now - 420, .http_status = 200, .next_due = now + 3600, .bytes = 9000};
    static const char plain[] = "<p>A short letter, and a plain one. It says what it has to say "
                                "and stops.</p><p>That is all.</p>";
    const struct sheet letters[] = {
        {"The Quiet Return of the Letter", "Why the oldest form of publishing is the newest again",
         essay, NULL, now - 4 * DAY, 500, "https://api.letters.example/feed/podcast/168/0f3c.mp3",
         1864, false, true, false},
        {"What a Margin Is For", "Room for the thumb, and for second thoughts", plain, NULL,
         now - 11 * DAY, 5060, NULL, 0, false, true, false},
        {"On Being Interrupted", NULL, essay, NULL, now - 18 * DAY, 500, NULL, 0, false, false,
         false},
        {"A Short History of the Footnote", NULL, plain, NULL, now - 25 * DAY, 7130,
         "https://letters.example/a.mp3", 600, false, false, true},
        {"Letters to Nobody", NULL, plain, NULL, now - 32 * DAY, 920, NULL, 0, true, false, false},
        {"The Post Office at the End of the World, and Other Places Where Nobody Is Waiting for "
         "You",
         NULL, NULL, "Five days by boat from anywhere, a woman sorts the mail.", now - 400 * DAY,
         12, NULL, 0, false, false, false},
    };
    const struct sheet harbour[] = {
        {"Fog, and What It Hides", NULL, plain, NULL, now - 3 * 3600, 690, NULL, 0, false, false,
         false},
        {"The Ferry Timetable as Literature", NULL, plain, NULL, now - 2 * DAY, 1380, NULL, 0,
         false, false, false},
    };
    const struct sheet notes[] = {
        {"Last Entry", NULL, plain, NULL, now - 90 * DAY, 460, NULL, 0, false, false, false}};
    struct sheet weekly[40];
    char titles[40][32];
    for (int i = 0; i < 40; i++) {
        snprintf(titles[i], sizeof titles[i], "Issue %d", 951 - i);
        weekly[i] = (struct sheet){titles[i], NULL, plain, NULL,  now - (7 * i + 5) * (int64_t)DAY,
                                   1840,      NULL, 0,     false, false,
                                   false};
    }
    const struct sheet edge[] = {
        {"日本語の手紙と、その余白について", NULL, plain, NULL, now - 6 * DAY, 800, NULL, 0, false,
         false, false},
        {"Naïve café — “quoted”", NULL, plain, NULL, now - 7 * DAY, 230, NULL, 0, false, false,
         false},
    };
    int64_t slow = add(s, "https://letters.example/feed", "essays"),
            post = add(s, "https://harbour.example/feed", "essays"),
            field = add(s, "https://notes.example/feed", "essays"),
            compiler = add(s, "https://compiler.example/feed", "work"),
            far = add(s, "https://edge.example/feed", NULL);
    put(s, slow, "Slow Letters", "The Editors", letters, 6, &good);
    put(s, post, "The Harbour Post", NULL, harbour, 2, &good);
    put(s, compiler, "Compiler Weekly", "R. Register", weekly, 40, &good);
    put(s, far, "Letters from the Edge", "Ōe", edge, 2, &good);
    struct fetch_outcome then = {.when = now - 19 * DAY, .http_status = 200, .next_due = now};
    put(s, field, "Field Notes", NULL, notes, 1, &then);
    struct fetch_outcome gone = {.when = now - 12 * DAY,
                                 .http_status = 410,
                                 .error = "the feed is gone for good (410)",
                                 .next_due = now + 30 * DAY,
                                 .parked = true};
    struct apply_counts c;
    struct err e = ERR_INIT;
    assert_true(store_apply(s, field, NULL, &gone, &c, &e));
    struct fetch_outcome failing = {
        .when = now - 600, .error = "no answer for 30 s", .next_due = now + 3300};
    assert_true(store_apply(s, post, NULL, &failing, &c, &e));

    // What has been read: all of Compiler Weekly but three, the older letters; one is begun.
    int64_t *ids;
    size_t n;
    struct shelf sh = {SHELF_FEED, compiler, NULL};
    assert_true(store_ids(s, &sh, false, now, 0, &ids, &n, &e));
    store_set_read(s, ids + 3, n - 3, true);
    free(ids);
    sh.feed = slow;
    assert_true(store_ids(s, &sh, false, now, 0, &ids, &n, &e));
    assert_int_equal(n, 6);
    store_set_read(s, ids + 2, 4, true);
    store_set_place(s, ids[2], 1212, 0.42, now - DAY);
    int64_t kept;
    bool existed;
    assert_true(store_bookmark_entry(s, ids[2], now - 4 * DAY, &kept, &existed, &e));
    free(ids);
    sh.feed = field;
    assert_true(store_ids(s, &sh, false, now, 0, &ids, &n, &e));
    store_set_read(s, ids, n, true);
    free(ids);
    assert_true(store_flush(s, 1000, &e));
}
