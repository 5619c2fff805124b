// Books for e-readers: opened by a checker of our own, and by epubcheck where that is installed.
// Whatever an essay is made of, its page is well-formed, its ids are once there and its links lead
// somewhere; the same essays are the same bytes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_ZIP
#include <zip.h>
#endif

#include "lectern/buf.h"
#include "lectern/export.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/write.h"
#include "../support/docs.h"
#include "../support/library.h"
#include "../support/program.h"

#ifdef HAVE_ZIP

#define T0 1763452800 // 2025-11-18T08:00:00Z

// ---- the checker ----

enum { PARTS = 128 };
struct book {
    char *names[PARTS];
    struct buf parts[PARTS];
    xmlDocPtr trees[PARTS]; // NULL: not XML
    char **ids[PARTS];
    size_t n, nids[PARTS];
};

static void quiet(void *ctx, const char *fmt, ...)
{
    (void)ctx, (void)fmt;
}

static xmlDocPtr well_formed(const char *name, const struct buf *b)
{
    xmlSetGenericErrorFunc(NULL, quiet);
    xmlDocPtr d = xmlReadMemory(buf_cstr(b), (int)b->len, name, NULL, XML_PARSE_NONET);
    if (!d) {
        const xmlError *why = xmlGetLastError();
        fail_msg("%s is no XML: line %d: %s\n%s", name, why ? why->line : 0,
                 why ? why->message : "", buf_cstr(b));
    }
    return d;
}

typedef void each_node(struct book *b, size_t part, xmlNodePtr node);

static void walk(struct book *b, size_t part, xmlNodePtr node, each_node *f)
{
    for (; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE)
            f(b, part, node);
        walk(b, part, node->children, f);
    }
}

static void take_id(struct book *b, size_t part, xmlNodePtr node)
{
    char *id = (char *)xmlGetNoNsProp(node, (const xmlChar *)"id");
    if (!id)
        return;
    for (size_t i = 0; i < b->nids[part]; i++)
        if (strcmp(b->ids[part][i], id) == 0)
            fail_msg("%s: the id %s is there twice", b->names[part], id);
    size_t cap = b->nids[part];
    b->ids[part] = mem_grow(b->ids[part], &cap, b->nids[part] + 1, sizeof *b->ids[part]);
    b->ids[part][b->nids[part]++] = id;
}

static bool has_id(const struct book *b, size_t part, const char *id)
{
    for (size_t i = 0; i < b->nids[part]; i++)
        if (strcmp(b->ids[part][i], id) == 0)
            return true;
    return false;
}

static size_t part_named(const struct book *b, const char *name, size_t len)
{
    size_t i = 0;
    while (i < b->n && (strlen(b->names[i]) != len || strncmp(b->names[i], name, len) != 0))
        i++;
    return i;
}

static void must_lead(struct book *b, size_t part, const char *to)
{
    size_t at = part, name = strcspn(to, "#");
    if (strncmp(to, "http://", 7) == 0 || strncmp(to, "https://", 8) == 0 ||
        strncmp(to, "mailto:", 7) == 0)
        return;
    if (name) {
        char *full = mem_printf("EPUB/%.*s", (int)name, to);
        at = part_named(b, full, strlen(full));
        free(full);
    }
    if (at == b->n || (to[name] && !has_id(b, at, to + name + 1)))
        fail_msg("%s: %s leads nowhere", b->names[part], to);
}

static bool inside(xmlNodePtr node, const char *name)
{
    for (xmlNodePtr p = node->parent; p; p = p->parent)
        if (p->type == XML_ELEMENT_NODE && strcmp((const char *)p->name, name) == 0)
            return true;
    return false;
}

static void check_links(struct book *b, size_t part, xmlNodePtr node)
{
    static const char *const leads[] = {"href", "src", NULL};
    for (size_t i = 0; leads[i]; i++) {
        char *to = (char *)xmlGetNoNsProp(node, (const xmlChar *)leads[i]);
        if (to)
            must_lead(b, part, to);
        xmlFree(to);
    }
    const char *name = (const char *)node->name;
    if (strcmp(name, "a") == 0 && inside(node, "a"))
        fail_msg("%s: a link in a link", b->names[part]);
    if (strcmp(name, "img") == 0 || strcmp(name, "script") == 0 || strcmp(name, "style") == 0)
        fail_msg("%s: <%s>", b->names[part], name);
    char *ref = (char *)xmlGetNoNsProp(node, (const xmlChar *)"idref");
    if (ref && !has_id(b, part, ref))
        fail_msg("%s: the spine names %s, which is not there", b->names[part], ref);
    xmlFree(ref);
}

static bool is_xml(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && (strcmp(name + n - 4, ".xml") == 0 || strcmp(name + n - 4, ".opf") == 0 ||
                     strcmp(name + n - 4, ".ncx") == 0 || strcmp(name + n - 6, ".xhtml") == 0);
}

static void unpack(struct book *b, const char *path)
{
    int why = 0;
    zip_t *z = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    if (!z)
        fail_msg("%s is no zip file: %d", path, why);
    b->n = (size_t)zip_get_num_entries(z, 0);
    assert_true(b->n <= PARTS);
    for (size_t i = 0; i < b->n; i++) {
        zip_stat_t st;
        assert_int_equal(zip_stat_index(z, i, 0, &st), 0);
        assert_int_equal(st.comp_method, i ? ZIP_CM_DEFLATE : ZIP_CM_STORE);
        b->names[i] = mem_strdup(st.name);
        buf_reserve(&b->parts[i], st.size);
        zip_file_t *f = zip_fopen_index(z, i, 0);
        assert_int_equal(zip_fread(f, b->parts[i].data, st.size), st.size);
        zip_fclose(f);
        b->parts[i].len = st.size;
        b->parts[i].data[st.size] = '\0';
    }
    zip_close(z);
}

static void check(struct book *b, const char *path)
{
    struct buf bytes = {0};
    struct err e = ERR_INIT;
    *b = (struct book){0};
    assert_true(buf_read_file(&bytes, path, 1 << 26, &e));
    assert_true(bytes.len > 70);
    assert_memory_equal(bytes.data + 30, "mimetypeapplication/epub+zip", 28); // OCF 3.2, 4.2.3
    buf_free(&bytes);
    unpack(b, path);
    for (size_t i = 0; i < b->n; i++)
        if (is_xml(b->names[i])) {
            b->trees[i] = well_formed(b->names[i], &b->parts[i]);
            walk(b, i, xmlDocGetRootElement(b->trees[i]), take_id);
        }
    for (size_t i = 0; i < b->n; i++)
        if (b->trees[i] && strncmp(b->names[i], "EPUB/", 5) == 0)
            walk(b, i, xmlDocGetRootElement(b->trees[i]), check_links);
    const char *package = buf_cstr(&b->parts[part_named(b, "EPUB/package.opf", 16)]);
    for (size_t i = 3; i < b->n; i++) { // whatever is in it is in the list
        char *item = mem_printf("href=\"%s\"", b->names[i] + 5);
        if (!strstr(package, item))
            fail_msg("%s is not in the package", b->names[i]);
        free(item);
    }
    assert_non_null(strstr(package, "<meta property=\"dcterms:modified\">20"));
    assert_non_null(strstr(package, "<dc:title>"));
    assert_non_null(strstr(package, "<dc:language>"));
    assert_non_null(strstr(package, ">urn:uuid:"));
    if (system("command -v epubcheck java >/dev/null 2>&1") == 0) {
        char *line =
            mem_printf("java -jar \"$(command -v epubcheck)\" -q '%s' >'%s.said' 2>&1", path, path);
        if (system(line) != 0) {
            char *said = mem_printf("cat '%s.said'", path);
            system(said);
            fail_msg("epubcheck finds fault with %s", path);
        }
        free(line);
    }
}

static void book_free(struct book *b)
{
    for (size_t i = 0; i < b->n; i++) {
        for (size_t k = 0; k < b->nids[i]; k++)
            xmlFree(b->ids[i][k]);
        free(b->ids[i]);
        xmlFreeDoc(b->trees[i]);
        buf_free(&b->parts[i]);
        free(b->names[i]);
    }
}

// ---- what goes in ----

static const char hostile[] =
    "<p>See <a href=\"http://[bad\">a</a> <a href=\"http://ex ample.org/\">b</a> "
    "<a href=\"http://a_b.example/\">c</a> <a href=\"https://user:pw@example.org/\">d</a> "
    "<a href=\"https://example.org:99999999/\">e</a> "
    "<a href=\"https://example.org/a|b{c}^`%zz%41#x#y\">f</a> <a href=\"mailto:\">g</a> "
    "<a href=\"mailto:a b@c.example\">h</a> <a href=\"https://b\xc3\xbc"
    "cher.example/\xc3\xbc?\xc3\xa4=1\">j</a> "
    "<a href=\"http://x..org/\">o</a> <a href=\"javascript:alert(1)\">p</a></p>"
    "<dl><dd>no term</dd><dt>t</dt><dt>t2</dt><dd>d</dd><dt>last</dt></dl>"
    "<table><tr><td>1</td></tr><thead><tr><th colspan=3>h</th></tr></thead><tr><th>x</th>"
    "<td align=right>2</td></tr><caption>cap</caption></table>"
    "<ol reversed start=5 type=i><li value=3><input type=checkbox checked>x</li></ol>"
    "<h1>A</h1><h3>B</h3><h2>C</h2><h6>D</h6><h4>E &amp; &lt;e&gt;</h4><h1>F <em>g</em></h1>"
    "<p>text<sup><a href=\"#fn1\" id=\"r1\">1</a></sup> <a href=\"#here\">inner</a> "
    "<a href=\"https://e.example/\">link<sup><a href=\"#fn1\">1</a></sup></a></p>"
    "<p id=\"here\">here<a name=\"b&lt; x\"></a></p><p><a href=\"#b&lt; x\">odd id</a></p>"
    "<pre>  code\n\n  x</pre><blockquote class=pullquote><p>pull</p></blockquote>"
    "<figure><img src=\"https://e.example/a.png\" alt=\"A &quot;room&quot;\"><figcaption>The room"
    "</figcaption></figure><img src=\"https://e.example/b.png\">"
    "<div class=footnotes><ol><li id=fn1><p>note <a href=\"#r1\">back</a></p></li></ol></div>"
    "<p lang=\"xx-bogus-toolongtagtoolong\">l</p><p lang=\"de\">deutsch <span lang=fr>un <i>deux"
    "</i></span></p><p dir=rtl>\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d</p>";

static struct store *fill(const char *path)
{
    struct store *s = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    struct feed_update *u = update_new("Slow \"Letters\" & <more>", 4);
    static struct person author = {.name = "Ada & <Grace>"};
    struct feed_entry *x = update_add(
        u, "a?x=1&y=<2>", "On \"being\" <interrupted> & more", T0,
        "<p>Dear <em>reader</em>, it isn&#8217;t late.<a class=\"footnote-anchor\" "
        "href=\"#footnote-1\" id=\"footnote-anchor-1\">1</a></p>"
        "<h2>What came</h2><p>One<br>two.</p><ul><li>First</li></ul><h3>And went</h3><p>Three.</p>"
        "<div class=\"footnote\"><a id=\"footnote-1\" href=\"#footnote-anchor-1\" "
        "class=\"footnote-number\">1</a><div class=\"footnote-content\"><p>A "
        "note.</p></div></div>");
    x->authors = &author;
    x->nauthors = 1;
    x->language = "en-GB";
    x->subtitle = "A letter";
    x = update_add(u, "hostile", "", T0 + 60, hostile);
    x->language = "en_US; evil";
    update_add(u, "none", "No text", T0 + 120, NULL);
    library_apply(s, library_feed(s, "https://slow.example/feed"), u, T0 + 200);
    update_free(u);
    struct shelf all = {.kind = SHELF_ALL};
    int64_t *ids, kept;
    size_t n;
    assert_true(store_ids(s, &all, false, T0 + 300, 0, &ids, &n, &e));
    for (size_t i = 0; i < n; i++)
        assert_true(store_bookmark_entry(s, ids[i], T0 + 1000, &kept, NULL, &e));
    free(ids);
    store_set_note(s, -3, "For the <train>");
    store_highlight_add(s, -3,
                        &(struct highlight){.quote = "reader, it",
                                            .from = 5,
                                            .to = 15,
                                            .before = "",
                                            .after = "",
                                            .note = "Who & why?",
                                            .made = T0});
    store_highlight_add(
        s, -3,
        &(struct highlight){
            .quote = "not there", .from = 7, .to = 16, .before = "", .after = "", .made = T0});
    assert_true(store_flush(s, 1000, &e));
    return s;
}

static char *export(const char *library, const char *what, const char *to)
{
    char *file = program_path(to),
         *line = mem_printf("--library '%s' export %s '%s'", library, what, file);
    struct buf said = {0};
    int code = program_run(line, &said, NULL);
    if (code != 0)
        fail_msg("%s: %d\n%s", line, code, buf_cstr(&said));
    buf_free(&said);
    free(line);
    return file;
}

static void books_are_valid(void **state)
{
    (void)state;
    char *path = library_path("epub");
    store_close(fill(path));
    static const char *const whats[] = {"bookmarks", "feed 1", "1", "b1 2 b3"};
    for (size_t i = 0; i < sizeof whats / sizeof *whats; i++) {
        char *file = export(path, whats[i], "book.epub");
        struct book b;
        check(&b, file);
        assert_int_equal(b.n, 6 + (i < 2 ? 3 : i == 2 ? 1 : 3));
        book_free(&b);
        unlink(file);
        free(file);
    }
    free(library_path("epub"));
    free(path);
}

// A page and the parts around it, to be read.
static void a_book_reads_so(void **state)
{
    (void)state;
    char *path = library_path("epub");
    store_close(fill(path));
    char *file = export(path, "b3", "book.epub");
    struct book b;
    struct buf all = {0}, there = {0};
    struct err e = ERR_INIT;
    check(&b, file);
    for (size_t i = 0; i < b.n; i++)
        if (strcmp(b.names[i], "EPUB/style.css") != 0)
            buf_printf(&all, "==> %s\n%s\n", b.names[i], buf_cstr(&b.parts[i]));
    const char *root = getenv("LECTERN_ROOT");
    char *golden = path_join(root ? root : ".", "tests/golden/export/book.txt");
    if (getenv("LECTERN_GOLDEN"))
        assert_true(buf_write_file(golden, all.data, all.len, 0644, &e));
    else if (!buf_read_file(&there, golden, 1 << 20, &e))
        fail_msg("%s (LECTERN_GOLDEN=write makes it)", e.msg);
    else
        assert_string_equal(all.data, there.data);
    free(golden);
    buf_free(&all);
    buf_free(&there);
    book_free(&b);
    unlink(file);
    free(file);
    free(library_path("epub"));
    free(path);
}

static void the_same_essays_are_the_same_bytes(void **state)
{
    (void)state;
    struct buf books[2] = {{0}};
    struct err e = ERR_INIT;
    for (int i = 0; i < 2; i++) {
        char *path = library_path("epub");
        store_close(fill(path));
        setenv("TZ", i ? "Asia/Tokyo" : "UTC", 1);
        char *file = export(path, "bookmarks", i ? "second.epub" : "first.epub");
        assert_true(buf_read_file(&books[i], file, 1 << 24, &e));
        unlink(file);
        free(file);
        free(library_path("epub"));
        free(path);
    }
    setenv("TZ", "UTC", 1);
    assert_int_equal(books[0].len, books[1].len);
    assert_memory_equal(books[0].data, books[1].data, books[0].len);
    buf_free(&books[0]);
    buf_free(&books[1]);
}

static void what_is_not_there_makes_no_book(void **state)
{
    (void)state;
    char *path = library_path("epub"), *file = program_path("none.epub"),
         *line = mem_printf("--library '%s' export bookmarks '%s'", path, file);
    store_close(library_open(path, STORE_WRITE));
    struct buf said = {0};
    assert_int_equal(program_run(line, &said, NULL), 1);
    assert_non_null(strstr(said.data, "nothing here to make a book of"));
    assert_int_not_equal(access(file, F_OK), 0);
    buf_free(&said);
    free(line);
    free(file);
    free(library_path("epub"));
    free(path);
}

// ---- any document at all ----

static void page_holds(const struct doc *d, uint32_t seed)
{
    struct buf b = {0};
    struct write_range ranges[8];
    size_t n = 0;
    for (uint32_t at = seed % 7; n < 8 && at + 3 < d->len; at += 1 + d->len / 9) {
        uint32_t len = 1 + (seed * 31 + at) % (d->len / 5 + 1);
        while (at < d->len && ((unsigned char)d->text[at] & 0xC0) == 0x80)
            at++;
        len = len > d->len - at ? d->len - at : len;
        while (at + len < d->len && ((unsigned char)d->text[at + len] & 0xC0) == 0x80)
            len++;
        ranges[n] = (struct write_range){at, len, n % 2 ? "mine <&>\nand more" : NULL};
        n++;
    }
    const struct write_book how = {.deeper = seed % 3, .ranges = ranges, .nranges = n};
    buf_str(&b, "<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                "xmlns:epub=\"http://www.idpf.org/2007/ops\"><body>");
    write_book(&b, d, &how);
    buf_str(&b, "</body></html>");
    struct book one = {.n = 1, .names = {(char *)"page"}};
    one.trees[0] = well_formed("page", &b);
    walk(&one, 0, xmlDocGetRootElement(one.trees[0]), take_id);
    walk(&one, 0, xmlDocGetRootElement(one.trees[0]), check_links);
    for (size_t k = 0; k < one.nids[0]; k++)
        xmlFree(one.ids[0][k]);
    free(one.ids[0]);
    xmlFreeDoc(one.trees[0]);
    buf_free(&b);
}

static void any_document_is_a_page(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 400; seed++) {
        struct doc *d = docs_random(seed);
        page_holds(d, seed);
        doc_free(d);
    }
    struct doc *d = doc_from_html(hostile, sizeof hostile - 1, NULL);
    for (uint32_t seed = 1; seed <= 50; seed++)
        page_holds(d, seed);
    doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_are_valid),
        cmocka_unit_test(a_book_reads_so),
        cmocka_unit_test(the_same_essays_are_the_same_bytes),
        cmocka_unit_test(what_is_not_there_makes_no_book),
        cmocka_unit_test(any_document_is_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void without_libzip_it_says_so(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    assert_false(export_epub(NULL, NULL, NULL, &e));
    assert_non_null(strstr(e.msg, "libzip"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(without_libzip_it_says_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
