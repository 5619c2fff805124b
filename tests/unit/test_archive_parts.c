// Lists of older essays: what Substack, WordPress and sitemaps say, and which addresses are essays.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <zlib.h>

#include "lectern/archive.h"
#include "lectern/mem.h"
#include "lectern/store.h"

static struct archive_list *sitemap(const char *text)
{
    struct archive_list *l = NULL;
    struct err e = ERR_INIT;
    if (!archive_sitemap(text, strlen(text), "https://e.example/map/sitemap.xml", &l, &e))
        fail_msg("%s", e.msg);
    return l;
}

static void substack_lists_are_read(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"slug\":\"on-margins\",\"canonical_url\":\"https://e.example/p/on-margins\","
        "\"post_date\":\"2024-05-01T08:00:00.000Z\",\"audience\":\"everyone\"},"
        "{\"slug\":\"paid\",\"audience\":\"only_paid\"},"
        "{\"slug\":\"../../evil\",\"canonical_url\":\"https://e.example/p/x\"},"
        "{\"slug\":\"js\",\"canonical_url\":\"javascript:alert(1)\"}, 7, null, []]";
    struct archive_list *l;
    struct err e = ERR_INIT;
    assert_true(archive_substack(text, strlen(text), "https://e.example", &l, &e));
    assert_int_equal(l->listed, 7);
    assert_int_equal(l->n, 3);
    assert_string_equal(l->items[0].url, "https://e.example/p/on-margins");
    assert_string_equal(l->items[0].body, "https://e.example/api/v1/posts/on-margins");
    assert_int_equal(l->items[0].date, 1714550400);
    assert_false(l->items[0].preview);
    assert_string_equal(l->items[1].url, "https://e.example/p/paid");
    assert_true(l->items[1].preview);
    assert_string_equal(l->items[2].url, "https://e.example/p/js");
    archive_list_free(l);
    static const char *const wrong[] = {"", "<html>", "{\"errors\":[]}", "{", "7"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(archive_substack(wrong[i], strlen(wrong[i]), "https://e.example", &l, &e));
}

static void a_substack_post_is_an_entry(void **state)
{
    (void)state;
    static const char text[] =
        "{\"title\":\"On <margins>\",\"slug\":\"on-margins\",\"subtitle\":\"A note\","
        "\"canonical_url\":\"https://e.example/p/on-margins\",\"audience\":\"only_paid\","
        "\"hidden\":true,\"body_html\":\"<p>The first words of it.</p>\","
        "\"post_date\":\"2024-05-01T08:00:00.000Z\",\"cover_image\":\"https://i.example/c.png\","
        "\"publishedBylines\":[{\"name\":\"Ada Moss\"},{\"name\":null}],"
        "\"postTags\":[{\"name\":\"desks\"}],"
        "\"audio_items\":[{\"audio_url\":null},{\"audio_url\":\"https://a.example/a.mp3\"}]}";
    struct feed_update *u;
    struct err e = ERR_INIT;
    assert_true(archive_substack_post(text, strlen(text), "https://e.example/", &u, &e));
    assert_int_equal(u->nentries, 1);
    const struct feed_entry *en = &u->entries[0];
    assert_string_equal(en->guid, "https://e.example/p/on-margins"); // as the feed has it
    assert_string_equal(en->title, "On <margins>");
    assert_string_equal(en->subtitle, "A note");
    assert_string_equal(en->content, "<p>The first words of it.</p>");
    assert_string_equal(en->authors[0].name, "Ada Moss");
    assert_int_equal(en->nauthors, 1);
    assert_string_equal(en->categories[0], "desks");
    assert_string_equal(en->enclosures[0].url, "https://a.example/a.mp3");
    assert_int_equal(en->enclosures[0].kind, ENCLOSURE_AUDIO);
    assert_true(en->preview);
    feed_free(u);
    static const char bare[] = "{\"title\":\"T\"}";
    assert_false(archive_substack_post(bare, strlen(bare), "https://e.example", &u, &e));
}

static void wordpress_posts_are_entries(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"link\":\"https://e.example/a/\",\"guid\":{\"rendered\":\"https://e.example/"
        "?p=1&#038;x\"},"
        "\"title\":{\"rendered\":\"Q &amp; A\"},\"date_gmt\":\"2024-05-01T08:00:00\","
        "\"content\":{\"rendered\":\"<p>Text.</p>\"},\"excerpt\":{\"rendered\":\"<p>Te</p>\"}},"
        "{\"link\":\"https://e.example/b/\",\"content\":{\"rendered\":\"\",\"protected\":true}},"
        "{\"title\":{\"rendered\":\"no link\"}}, null]";
    struct feed_update *u;
    struct err e = ERR_INIT;
    assert_true(archive_wordpress(text, strlen(text), "https://e.example", &u, &e));
    assert_int_equal(u->nentries, 1);
    assert_string_equal(u->entries[0].guid, "https://e.example/?p=1&x");
    assert_string_equal(u->entries[0].title, "Q & A");
    assert_int_equal(u->entries[0].published, 1714550400);
    feed_free(u);
    assert_false(archive_wordpress("{}", 2, "https://e.example", &u, &e));
}

static void sitemaps_are_read(void **state)
{
    (void)state;
    struct archive_list *l = sitemap(
        "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:image='x'><!-- <url><loc>https://e.example/no</loc></url> -->"
        "<url><loc> https://e.example/a&amp;b </loc><lastmod>2024-05-01</lastmod>"
        "<image:image><image:loc>https://e.example/i.png</image:loc></image:image></url>"
        "<url><lastmod>2023-01-01T00:00:00Z</lastmod><loc><![CDATA[/c]]></loc></url>"
        "<url><loc>https://e.example/a&amp;b</loc></url><url><loc>ftp://e.example/</loc></url>"
        "<s:url><s:loc>https://e.example/d</s:loc></s:url><url><loc>https://e.example/cut");
    assert_int_equal(l->n, 3);
    assert_int_equal(l->listed, 5);
    assert_false(l->index);
    assert_true(l->cut);
    assert_string_equal(l->items[0].url, "https://e.example/a&b");
    assert_int_equal(l->items[0].date, 1714521600);
    assert_string_equal(l->items[1].url, "https://e.example/c");
    assert_string_equal(l->items[2].url, "https://e.example/d");
    archive_list_free(l);
    l = sitemap("<sitemapindex><sitemap><loc>/posts.xml</loc></sitemap></sitemapindex>");
    assert_true(l->index);
    assert_string_equal(l->items[0].url, "https://e.example/posts.xml");
    archive_list_free(l);
    l = sitemap("https://e.example/a\r\nnonsense\nhttps://e.example/b");
    assert_int_equal(l->n, 2);
    archive_list_free(l);
    struct err e = ERR_INIT;
    assert_false(archive_sitemap("<html></html>", 13, NULL, &l, &e));
}

static void packed_sitemaps_are_read(void **state)
{
    (void)state;
    static const char text[] = "<urlset><url><loc>https://e.example/a</loc></url></urlset>";
    unsigned char packed[300];
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)text,
                  .avail_in = sizeof text - 1,
                  .next_out = packed,
                  .avail_out = sizeof packed};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    struct archive_list *l;
    struct err e = ERR_INIT;
    assert_true(archive_sitemap((char *)packed, z.total_out, "https://e.example/", &l, &e));
    assert_int_equal(l->n, 1);
    archive_list_free(l);
    assert_false(archive_sitemap((char *)packed, 12, "https://e.example/", &l, &e));
}

static void essays_are_told_by_their_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *known[5], *fits[4], *not [8];
    } sites[] = {
        {{"https://e.example/p/a", "https://e.example/p/b"},
         {"http://www.e.example/p/c-d/", "https://e.example/p/x?utm_source=y"},
         {"https://e.example/about", "https://other.example/p/c", "https://e.example/p/c/comments",
          "https://e.example/", "https://e.example/q/c"}},
        {{"https://e.example/2024/05/a.html"},
         {"https://e.example/2019/11/b.html"},
         {"https://e.example/2019/11/", "https://e.example/20/5/b.html",
          "https://e.example/tag/11/b.html", "https://e.example/2019/11/b.pdf"}},
        {{"https://e.example/on-margins/"}, // as Ghost has it
         {"https://e.example/on-desks/"},
         {"https://e.example/about/", "https://e.example/tag/desks/", "https://e.example/tags",
          "https://e.example/123", "mailto:a@b"}},
        {{"https://e.example/art/a", "https://e.example/life/b", "https://e.example/tech/c",
          "https://e.example/art/d"},
         {"https://e.example/music/e", "https://e.example/art/f"},
         {"https://e.example/music", "https://e.example/x/y/z"}},
        {{"https://e.example/?p=12"},
         {"https://e.example/?p=3"},
         {"https://e.example/?page=3", "https://e.example/x"}},
    };
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        struct buf shapes = {0};
        size_t n = 0;
        while (n < 5 && sites[i].known[n])
            n++;
        archive_shapes(sites[i].known, n, &shapes);
        for (size_t k = 0; k < 4 && sites[i].fits[k]; k++)
            if (!archive_fits(buf_cstr(&shapes), sites[i].fits[k]))
                fail_msg("%s does not fit\n%s", sites[i].fits[k], shapes.data);
        for (size_t k = 0; k < 8 && sites[i].not [k]; k++)
            if (archive_fits(buf_cstr(&shapes), sites[i].not [k]))
                fail_msg("%s fits\n%s", sites[i].not [k], shapes.data);
        buf_free(&shapes);
    }
    assert_int_equal(archive_date("https://e.example/2024/05/01/a"), 1714564800);
    assert_int_equal(archive_date("https://e.example/x/2024/05/a"), 1714564800);
    assert_int_equal(archive_date("https://e.example/2024/13/a"), 0);
    assert_int_equal(archive_date("https://e.example/20245/05/a"), 0);
}

static void spellings_of_one_address_are_one(void **state)
{
    (void)state;
    static const char *const same[] = {"https://e.example/p/a", "http://e.example/p/a/",
                                       "https://www.e.example/p/a", "https://E.example/p/a#x",
                                       "https://e.example/p/a?utm_source=x&utm_medium=y"};
    for (size_t i = 1; i < sizeof same / sizeof *same; i++)
        assert_true(store_address_hash(same[i]) == store_address_hash(same[0]));
    assert_false(store_address_hash("https://e.example/p/A") == store_address_hash(same[0]));
    assert_false(store_address_hash("https://e.example/?p=1") ==
                 store_address_hash("https://e.example/?p=2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(substack_lists_are_read),
        cmocka_unit_test(a_substack_post_is_an_entry),
        cmocka_unit_test(wordpress_posts_are_entries),
        cmocka_unit_test(sitemaps_are_read),
        cmocka_unit_test(packed_sitemaps_are_read),
        cmocka_unit_test(essays_are_told_by_their_addresses),
        cmocka_unit_test(spellings_of_one_address_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
