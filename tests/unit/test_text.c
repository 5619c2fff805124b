// HTML, Markdown and plain text to documents and back. Every tests/golden/html/NAME.html,
// markdown/NAME.md, text/NAME.txt and both kinds in layout/ has the dump of its document beside it;
// LECTERN_GOLDEN=write writes the dumps anew (read the difference before keeping it; the lines are
// test_layout_golden.c's). Whatever the document, what the writers make of it reads back the same.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/write.h"

static const struct doc_source source = {
    .url = "https://letters.example/p/the-essay", .title = "The Essay", .language = "en"};

static void check(const struct doc *d, const char *name)
{
    struct err e = ERR_INIT;
    if (!doc_check(d, &e))
        fail_msg("%s: %s", name, e.msg);
}

static char *dump(const struct doc *d)
{
    struct buf b = {0};
    write_dump(&b, d);
    return buf_take(&b, NULL);
}

static void assert_dumps(const char *name, const char *what, const char *got, const char *want)
{
    size_t line = 1, at = 0;
    for (; got[at] && got[at] == want[at]; at++)
        line += got[at] == '\n';
    if (got[at] != want[at]) {
        while (at && got[at - 1] != '\n')
            at--;
        fail_msg("%s: %s differs in line %zu:\n  is:     %.*s\n  should: %.*s", name, what, line,
                 (int)strcspn(got + at, "\n"), got + at, (int)strcspn(want + at, "\n"), want + at);
    }
}

// Out and in again by HTML and by Markdown: the same document each time.
static void round_trips(const struct doc *d, const char *name)
{
    struct buf html = {0}, md = {0}, again = {0};
    char *want = dump(d);
    // The writers put out the body; what the head said is not theirs to keep.
    const char *body = strstr(want, d->nblocks ? doc_block_name(d->blocks[0].kind) : "");
    (void)body;
    const struct doc_source plain = {.url = "https://letters.example/p/the-essay",
                                     .language = d->language};
    write_html(&html, d);
    struct doc *h = doc_from_html(buf_cstr(&html), html.len, &plain);
    check(h, name);
    write_markdown(&md, d, true);
    struct doc *m = doc_from_markdown(buf_cstr(&md), md.len, &plain);
    check(m, name);
    write_markdown(&again, m, true);
    struct doc *mm = doc_from_markdown(buf_cstr(&again), again.len, &plain);
    h->title = d->title, h->subtitle = d->subtitle, h->author = d->author,
    h->language = d->language;
    h->date = d->date, h->url = d->url, h->tags = d->tags;
    h->preview = m->preview = mm->preview = d->preview; // said by the notice in the text
    char *by_html = dump(h), *by_md = dump(m), *twice = dump(mm);
    if (getenv("LECTERN_SHOW") &&
        (strcmp(by_md, want) || strcmp(by_html, want) || strcmp(twice, by_md)))
        print_message("---- markdown\n%s\n---- html\n%s\n", buf_cstr(&md), buf_cstr(&html));
    assert_dumps(name, "through HTML", by_html, want);
    assert_dumps(name, "through Markdown", by_md, want);
    assert_dumps(name, "through Markdown twice", twice, by_md);
    doc_free(h);
    doc_free(m);
    doc_free(mm);
    free(want);
    free(by_html);
    free(by_md);
    free(twice);
    buf_free(&html);
    buf_free(&md);
    buf_free(&again);
}

static char *golden_dir(const char *kind)
{
    const char *root = getenv("LECTERN_ROOT");
    char *all = path_join(root ? root : ".", "tests/golden"), *dir = path_join(all, kind);
    free(all);
    return dir;
}

static struct doc *read_golden(const char *ending, const struct buf *b)
{
    if (strcmp(ending, ".html") == 0)
        return doc_from_html_bytes(buf_cstr(b), b->len, NULL, &source);
    if (strcmp(ending, ".txt") == 0)
        return doc_from_text(buf_cstr(b), b->len, &source);
    return doc_from_markdown(buf_cstr(b), b->len, &source);
}

static int goldens(const char *kind, const char *ending)
{
    char *dir = golden_dir(kind);
    struct dirent **names = NULL;
    int n = scandir(dir, &names, NULL, alphasort), seen = 0;
    for (int i = 0; i < n; i++) {
        char *dot = strrchr(names[i]->d_name, '.');
        if (dot && strcmp(dot, ending) == 0) {
            char *path = path_join(dir, names[i]->d_name),
                 *want_path = mem_printf("%.*s.dump", (int)(strlen(path) - strlen(ending)), path);
            struct buf in = {0}, want = {0};
            struct err e = ERR_INIT;
            assert_true(buf_read_file(&in, path, 1 << 20, &e));
            struct doc *d = read_golden(ending, &in);
            check(d, path);
            char *got = dump(d);
            if (getenv("LECTERN_GOLDEN"))
                assert_true(buf_write_file(want_path, got, strlen(got), 0644, &e));
            if (!buf_read_file(&want, want_path, 1 << 22, &e))
                fail_msg("%s (LECTERN_GOLDEN=write makes it)", e.msg);
            assert_dumps(names[i]->d_name, "the document", got, buf_cstr(&want));
            round_trips(d, names[i]->d_name);
            doc_free(d);
            free(got);
            free(path);
            free(want_path);
            buf_free(&in);
            buf_free(&want);
            seen++;
        }
        free(names[i]);
    }
    free(names);
    free(dir);
    return seen;
}

static void html_goldens(void **state)
{
    (void)state;
    assert_true(goldens("html", ".html") > 10);
}

// Those whose lines are looked at most.
static void layout_goldens(void **state)
{
    (void)state;
    assert_true(goldens("layout", ".html") + goldens("layout", ".md") > 10);
}

static void markdown_goldens(void **state)
{
    (void)state;
    assert_true(goldens("markdown", ".md") > 3);
}

static void text_goldens(void **state)
{
    (void)state;
    assert_true(goldens("text", ".txt") > 0);
}

// An essay there is in both dresses is one document.
static void markdown_is_the_same_as_html(void **state)
{
    (void)state;
    char *h = golden_dir("html/essay.dump"), *m = golden_dir("markdown/essay.dump");
    struct buf a = {0}, b = {0};
    struct err e = ERR_INIT;
    assert_true(buf_read_file(&a, h, 1 << 20, &e));
    assert_true(buf_read_file(&b, m, 1 << 20, &e));
    assert_dumps("essay", "Markdown", buf_cstr(&b), buf_cstr(&a));
    buf_free(&a);
    buf_free(&b);
    free(h);
    free(m);
}

// ---- made-up documents ----

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void words(struct doc_builder *b, uint32_t *seed, bool notes)
{
    static const char *const pieces[] = {
        "letters",
        "a",
        "1. one",
        "* star",
        "_under_score_",
        "[bracket](x)",
        "<tag>",
        "&amp;",
        "# hash",
        "- dash",
        "+ plus",
        "> more",
        "`tick`",
        "~~wave~~",
        "^up^",
        "$$x$$",
        "pipe | pipe",
        "back\\slash",
        "end.",
        "(in)",
        "\"quoted\"",
        "=====",
        "-----",
        "“schön”",
        "日本語",
        "http://e.org/a_b",
        "!",
        "![x]",
        ":colon",
        "3) three",
        "`",
        "``",
        "~",
        "::",
        "{x}",
        "[^1]",
        "a:b",
        "%",
        "||",
        "***",
        "</p>",
        "<!-- x -->",
        "&#42;",
        "…",
        "a—b",
        "x*y*z",
        "snake_case_word",
        "->",
        "<-",
        "\\",
        "\\*",
        "[ ]",
        "[x]",
        "1986. A year",
    };
    static const uint8_t kinds[] = {SPAN_EM,  SPAN_STRONG, SPAN_CODE, SPAN_STRIKE, SPAN_KBD,
                                    SPAN_SUP, SPAN_SUB,    SPAN_MARK, SPAN_LINK,   SPAN_SMALL};
    uint32_t n = 1 + next_random(seed) % 8;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t r = next_random(seed), k = kinds[r / 7 % sizeof kinds];
        bool span = r % 3 == 0 && !(k == SPAN_STRONG && doc_builder_kind(b) == BLOCK_HEADING);
        uint32_t ref =
            k == SPAN_LINK
                ? doc_add_link(b, r & 64 ? "https://e.org/a_(b)?c=d&e=f" : "https://e.org/",
                               r & 128 ? "A \"title\"" : NULL)
                : DOC_NONE;
        if (span)
            doc_span_open(b, k, ref);
        const char *s = pieces[next_random(seed) % (sizeof pieces / sizeof *pieces)];
        doc_text(b, s, strlen(s));
        if (span)
            doc_span_close(b, k);
        if (r % 5)
            doc_text(b, " ", 1);
        else if (r % 11 == 0)
            doc_break(b);
    }
    if (notes)
        doc_text(b, "end", 3);
}

static void blocks(struct doc_builder *b, uint32_t *seed, int depth)
{
    uint32_t n = 1 + next_random(seed) % 4;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t r = next_random(seed) % (depth > 2 ? 6 : 12);
        uint32_t at;
        switch (r) {
        case 0:
            at = doc_open(b, BLOCK_HEADING);
            doc_builder_block(b, at)->level = (uint8_t)(1 + next_random(seed) % 6);
            doc_text(b, "Head ", 5);
            words(b, seed, false);
            break;
        case 1:
            at = doc_open(b, BLOCK_CODE);
            if (next_random(seed) & 1)
                doc_builder_block(b, at)->ref = doc_add_string(b, "c");
            doc_text(b, "int x;\n\n  y < *z && `w`;\n", 25);
            break;
        case 2:
            at = doc_open(b, BLOCK_FIGURE);
            doc_builder_block(b, at)->ref =
                doc_add_media(b, &(struct doc_media){.kind = MEDIA_IMAGE,
                                                     .url = "https://e.org/i.png",
                                                     .title = "An alt",
                                                     .width = (int)(next_random(seed) % 2) * 640});
            doc_text(b, "A caption", 9);
            break;
        case 6:
            doc_open(b, next_random(seed) % 4 ? BLOCK_QUOTE : BLOCK_PULLQUOTE);
            blocks(b, seed, depth + 1);
            break;
        case 7:
        case 8: {
            bool ordered = r == 8;
            int32_t first = next_random(seed) % 2 ? 1 : (int32_t)(next_random(seed) % 120);
            at = doc_open(b, BLOCK_LIST);
            if (ordered) {
                doc_builder_block(b, at)->flags |= BLOCK_ORDERED;
                doc_builder_block(b, at)->number = first;
            }
            uint32_t items = 1 + next_random(seed) % 4, simple = next_random(seed) % 3;
            for (uint32_t k = 1; k <= items; k++) {
                uint32_t it = doc_open(b, BLOCK_ITEM);
                if (ordered)
                    doc_builder_block(b, it)->number = first + (int32_t)k - 1;
                if (simple) {
                    doc_open(b, BLOCK_PARAGRAPH);
                    if (next_random(seed) % 2)
                        doc_text(b, "item ", 5);
                    words(b, seed, true);
                    doc_close(b);
                } else {
                    doc_open(b, BLOCK_PARAGRAPH);
                    doc_text(b, "item", 4);
                    doc_close(b);
                    if (depth < 2)
                        blocks(b, seed, depth + 2);
                }
                doc_close(b);
            }
            break;
        }
        case 9:
            doc_open(b, BLOCK_TABLE);
            for (int row = 0; row < 3; row++) {
                uint32_t tr = doc_open(b, BLOCK_ROW);
                if (row == 0)
                    doc_builder_block(b, tr)->flags |= BLOCK_HEADER;
                for (int c = 0; c < 2; c++) {
                    uint32_t td = doc_open(b, BLOCK_CELL);
                    if (row == 0)
                        doc_builder_block(b, td)->flags |= BLOCK_HEADER;
                    doc_builder_block(b, td)->align = c ? ALIGN_RIGHT : ALIGN_NONE;
                    words(b, seed, false);
                    doc_close(b);
                }
                doc_close(b);
            }
            break;
        case 10:
            doc_open(b, BLOCK_VERSE);
            doc_text(b, "Roses are red\n    indented *and* <plain>\n\nlast", 46);
            break;
        case 11:
            doc_open(b, BLOCK_ASIDE);
            doc_open(b, BLOCK_PARAGRAPH);
            words(b, seed, true);
            doc_close(b);
            break;
        default:
            doc_open(b, BLOCK_PARAGRAPH);
            words(b, seed, true);
        }
        doc_close(b);
    }
}

static void generated_documents_come_back(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 1500; round++) {
        uint32_t seed = round;
        struct doc_builder *b = doc_builder_new();
        doc_open(b, BLOCK_PARAGRAPH);
        doc_text(b, "First.", 6);
        doc_close(b);
        blocks(b, &seed, 0);
        struct doc *d = doc_finish(b);
        char name[32];
        snprintf(name, sizeof name, "round %u", round);
        check(d, name);
        round_trips(d, name);
        doc_free(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_goldens),
        cmocka_unit_test(layout_goldens),
        cmocka_unit_test(markdown_goldens),
        cmocka_unit_test(text_goldens),
        cmocka_unit_test(markdown_is_the_same_as_html),
        cmocka_unit_test(generated_documents_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
