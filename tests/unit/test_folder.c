// Bookmarks as a folder of Markdown files: names that stay, files that are written only when they
// would say something else, and what a person changed in them coming back. Whatever happens, every
// file is whole or absent, and nothing goes that Lectern did not write.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/bring.h"
#include "fetch/in_step.h"
#include "lectern/buf.h"
#include "lectern/export.h"
#include "lectern/hash.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/write.h"
#include "trade/page.h"
#include "../support/docs.h"
#include "../support/library.h"
#include "../support/program.h"

#define T0 1763452800 // 2025-11-18T08:00:00Z
#define UID "0123456789abcdef"
#define NAME "2025-11-18-on-letters.md"

static const char one[] =
    "{\"format\": \"lectern-bookmarks\", \"version\": 1, \"bookmarks\": [{\"uid\": \"" UID "\","
    "\"title\": \"On \\\"Letters\\\"\", \"subtitle\": \"Why they return\", \"author\": \"Ada\","
    "\"source\": \"Slow Letters\", \"url\": \"https://slow.example/letters?a=1&b=2\","
    "\"published\": \"2025-11-18T08:00:00Z\", \"kept\": \"2025-11-19T09:00:00Z\","
    "\"language\": \"en\", \"tags\": [\"essays\", \"two words\"],"
    "\"note\": \"For the train.\\n\\n  Read it: \\\"slowly\\\".\","
    "\"highlights\": [{\"id\": 5, \"quote\": \"two words\", \"note\": \"mine\\n> and more\\n\\\\> "
    "yes\","
    "\"colour\": \"green\", \"made\": \"2025-11-20T00:00:00Z\", \"from\": 4, \"to\": 13},"
    "{\"id\": 6, \"quote\": \"more.\\nAnd\", \"made\": \"2025-11-20T00:00:01Z\", \"from\": 18, "
    "\"to\": 27}],"
    "\"read\": {\"state\": \"started\", \"place\": 17, \"progress\": 0.25},"
    "\"marks\": {\"a\": 3, \"q\": 9},"
    "\"enclosures\": [{\"url\": \"https://slow.example/a.mp3\", \"kind\": \"audio\", "
    "\"seconds\": 61}],"
    "\"content\": {\"type\": \"html\", \"text\": \"<p>The <em>two</em> words and more.</p>"
    "<h2>And</h2><p>this.</p>\"}}]}";

// ---- a folder to look at ----

struct place {
    char *library, *dir;
    struct store *s;
};

static void clear(const char *dir)
{
    char *line = mem_printf("rm -rf '%s'", dir);
    assert_int_equal(system(line), 0);
    free(line);
}

static struct place place_new(void)
{
    struct place p = {.library = library_path("folder"), .dir = program_path("folder")};
    clear(p.dir);
    p.s = library_open(p.library, STORE_WRITE);
    return p;
}

static void place_free(struct place *p)
{
    store_close(p->s);
    clear(p->dir);
    free(p->dir);
    free(library_path("folder"));
    free(p->library);
}

static struct bring_result take_json(struct store *s, const char *json)
{
    struct err e = ERR_INIT;
    struct brought *b = NULL;
    struct bring_result r;
    const struct bring_opts o = {.now = T0};
    if (!bring_read(json, strlen(json), &b, &e) || !bring_take(s, b, &o, &r, &e))
        fail_msg("%s", e.msg);
    bring_free(b);
    return r;
}

static struct folder_result out(struct place *p, struct folder_opts o)
{
    struct folder_result r;
    struct err e = ERR_INIT;
    o.now = T0;
    if (!export_folder(p->s, p->dir, &o, &r, &e))
        fail_msg("%s", e.msg);
    return r;
}

static struct buf told;
static void tell(void *ctx, const char *file, const char *why)
{
    (void)ctx;
    buf_printf(&told, "%s: %s\n", file, why);
}

static struct bring_result in(struct place *p)
{
    struct bring_result r;
    struct err e = ERR_INIT;
    const struct bring_opts o = {.now = T0};
    buf_clear(&told);
    if (!bring_folder(p->s, p->dir, &o, tell, NULL, &r, &e))
        fail_msg("%s", e.msg);
    return r;
}

static char *file(struct place *p, const char *name)
{
    char *path = path_join(p->dir, name);
    struct buf b = {0};
    struct err e = ERR_INIT;
    if (!buf_read_file(&b, path, 1 << 24, &e))
        fail_msg("%s", e.msg);
    free(path);
    return buf_take(&b, NULL);
}

static void put(struct place *p, const char *name, const char *text)
{
    char *path = path_join(p->dir, name);
    struct err e = ERR_INIT;
    if (!path_make_dir(p->dir, &e) || !buf_write_file(path, text, strlen(text), 0644, &e))
        fail_msg("%s", e.msg);
    free(path);
}

// A person's change: `was` becomes `is`.
static void change(struct place *p, const char *name, const char *was, const char *is)
{
    char *text = file(p, name), *at = strstr(text, was);
    if (!at)
        fail_msg("'%s' is not in:\n%s", was, text);
    char *new = mem_printf("%.*s%s%s", (int)(at - text), text, is, at + strlen(was));
    put(p, name, new);
    free(new);
    free(text);
}

static void says(struct place *p, const char *name, const char *what)
{
    char *text = file(p, name);
    if (!strstr(text, what))
        fail_msg("'%s' is not in:\n%s", what, text);
    free(text);
}

static int compare(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

// Names of all files, sorted, each with a newline; the caller's.
static char *names(const char *dir)
{
    char *list[512];
    size_t n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *f; (f = readdir(d)) && n < 512;)
        if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0)
            list[n++] = mem_strdup(f->d_name);
    closedir(d);
    qsort(list, n, sizeof *list, compare);
    struct buf b = {0};
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "%s\n", list[i]);
        free(list[i]);
    }
    return buf_take(&b, NULL);
}

static void must_be(char *text, const char *want)
{
    assert_string_equal(text, want);
    free(text);
}

// ---- writing ----

static void a_file_reads_so(void **state)
{
    (void)state;
    struct place p = place_new();
    struct buf there = {0};
    struct err e = ERR_INIT;
    take_json(p.s, one);
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 1);
    char *text = file(&p, NAME);
    const char *root = getenv("LECTERN_ROOT");
    char *golden = path_join(root ? root : ".", "tests/golden/export/bookmark.md");
    if (getenv("LECTERN_GOLDEN"))
        assert_true(buf_write_file(golden, text, strlen(text), 0644, &e));
    else if (!buf_read_file(&there, golden, 1 << 20, &e))
        fail_msg("%s (LECTERN_GOLDEN=write makes it)", e.msg);
    else
        assert_string_equal(text, there.data);
    buf_free(&there);
    free(golden);
    free(text);
    place_free(&p);
}

static int64_t kept(struct place *p, const char *title, int64_t published, const char *html)
{
    struct snapshot sn = {.title = title,
                          .content = html,
                          .content_len = strlen(html),
                          .type = CONTENT_HTML,
                          .published = published};
    int64_t id;
    struct err e = ERR_INIT;
    assert_true(store_bookmark_snapshot(p->s, &sn, T0 + 100, &id, &e));
    return id;
}

static void names_are_safe_and_stay(void **state)
{
    (void)state;
    struct place p = place_new();
    struct err e = ERR_INIT;
    char longest[600], *text;
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    static const char *const titles[] = {
        "../../etc/passwd",
        "/",
        "",
        "CON",
        "a\\b:c*?<d>|\"e\"",
        "\xe4\xb8\xad\xe6\x96\x87",
        ".hidden",
        "Caf\xc3\xa9 \xe2\x80\x98ol\xc3\xa9\xe2\x80\x99 isn\xe2\x80\x99t it?"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        kept(&p, titles[i], T0, "<p>text</p>");
    kept(&p, longest, T0, "<p>text</p>");
    out(&p, (struct folder_opts){0});
    char *list = names(p.dir);
    static const char *const want[] = {"2025-11-18-etc-passwd.md\n",
                                       "2025-11-18.md\n",
                                       "2025-11-18-con.md\n",
                                       "2025-11-18-a-b-c-d-e.md\n",
                                       "2025-11-18-hidden.md\n",
                                       "2025-11-18-cafe-ole-isnt-it.md\n",
                                       "2025-11-18-\xe4\xb8\xad\xe6\x96\x87.md\n"};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        if (!strstr(list, want[i]))
            fail_msg("%s is not in\n%s", want[i], list);
    for (char *name = list, *nl; (nl = strchr(name, '\n')); name = nl + 1)
        assert_true(nl - name < 120);
    free(list);
    place_free(&p);

    // Two of one name, and one that differs by case alone where a file system takes them for one.
    p = place_new();
    put(&p, "2025-11-18-On-Being.md", "my own\n");
    int64_t first = kept(&p, "On being", T0, "<p>first</p>"),
            second = kept(&p, "On Being!", T0, "<p>second</p>");
    out(&p, (struct folder_opts){0});
    struct arena *a = arena_new();
    struct carried c;
    assert_true(store_carried(p.s, second, a, &c, &e));
    char *mine = mem_printf("2025-11-18-on-being-%.6s.md", c.uid);
    says(&p, mine, "second");
    says(&p, "2025-11-18-On-Being.md", "my own\n");
    assert_true(store_bookmark_remove(p.s, first, &e));
    struct folder_result r = out(&p, (struct folder_opts){0});
    assert_int_equal(r.written, 0); // the other keeps its name
    assert_int_equal(r.gone, 1);
    // Another title does not move it.
    struct item_body b = {.row = {.title = "Now called so"},
                          .content = "<p>second</p>",
                          .content_len = 13,
                          .type = CONTENT_HTML};
    assert_true(store_carry_text(p.s, second, &b, &e));
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 1);
    says(&p, mine, "title: \"Now called so\"");
    text = names(p.dir);
    assert_null(strstr(text, "now-called"));
    free(text);
    free(mine);
    arena_free(a);
    place_free(&p);
}

static void only_what_changed_is_written(void **state)
{
    (void)state;
    struct place p = place_new();
    struct err e = ERR_INIT;
    take_json(p.s, one);
    kept(&p, "Second", T0 + 86400, "<p>text</p>");
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 2);
    struct stat before, after;
    char *path = path_join(p.dir, NAME);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 0);
    assert_true(store_bookmark_tag(p.s, -2, "new", true, &e));
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 1);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    store_set_note(p.s, -2, "noted");
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 1);
    store_highlight_remove(p.s, 6);
    store_set_place(p.s, -2, 1, 1, T0);
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 2);
    says(&p, "2025-11-19-second.md", "read: finished\n");
    // A part of the bookmarks is no reason for the others to go.
    struct folder_result r = out(&p, (struct folder_opts){.tag = "new", .prune = true});
    assert_int_equal(r.total, 1);
    assert_int_equal(r.removed + r.gone, 0);
    free(path);
    place_free(&p);
}

static void nothing_goes_but_its_own(void **state)
{
    (void)state;
    struct place p = place_new();
    struct err e = ERR_INIT;
    char *outside = program_file("outside.md", "outside\n"), *link;
    int64_t gone = kept(&p, "Gone", T0, "<p>text</p>"), edited = kept(&p, "Edited", T0, "<p>t</p>");
    kept(&p, "Stays", T0, "<p>text</p>");
    out(&p, (struct folder_opts){0});
    put(&p, "README.md", "# Mine\n");
    put(&p, "note.txt", "mine\n");
    link = path_join(p.dir, "link.md");
    assert_int_equal(symlink(outside, link), 0);
    change(&p, "2025-11-18-edited.md", "t\n", "t, and mine\n");
    assert_true(store_bookmark_remove(p.s, gone, &e) && store_bookmark_remove(p.s, edited, &e));
    struct folder_result r = out(&p, (struct folder_opts){0});
    assert_int_equal(r.gone, 2);
    assert_int_equal(r.removed, 0);
    r = out(&p, (struct folder_opts){.prune = true});
    assert_int_equal(r.gone, 1);
    assert_int_equal(r.removed, 1);
    must_be(names(p.dir), "2025-11-18-edited.md\n2025-11-18-stays.md\nREADME.md\nlink.md\n"
                          "note.txt\n");
    struct buf b = {0};
    assert_true(buf_read_file(&b, outside, 100, &e));
    assert_string_equal(b.data, "outside\n");
    buf_free(&b);
    unlink(outside);
    free(outside);
    free(link);
    place_free(&p);
}

#ifdef HAVE_YAML

// ---- reading ----

static void read_back(struct place *p, int64_t id, struct arena *a, struct kept *k)
{
    struct err e = ERR_INIT;
    if (!kept_load(p->s, id, a, k, &e))
        fail_msg("%s", e.msg);
}

static void what_was_changed_comes_back(void **state)
{
    (void)state;
    struct place p = place_new();
    struct arena *a = arena_new();
    struct kept k;
    take_json(p.s, one);
    out(&p, (struct folder_opts){0});
    assert_int_equal(in(&p).there, 1);
    // Tags in another of YAML's ways, a key of a note program's, another note and text, one
    // highlight gone, one noted, one new.
    change(&p, NAME, "tags:\n  - \"essays\"\n  - \"two words\"\n",
           "tags: [essays, 'new one'] # mine\naliases:\n  - letters\n");
    change(&p, NAME, "  For the train.", "  For the plane.");
    change(&p, NAME, "\n---\n", "\n---\r\n"); // as some editors leave it
    change(&p, NAME, "And\n", "And so\n");
    change(&p, NAME, "mine\n\\> and more\n\\\\> yes\n", "yours\n\n> this\n\nnew note\n");
    char *text = file(&p, NAME), *last = strstr(text, "> more.");
    assert_non_null(last);
    *last = '\0';
    put(&p, NAME, text);
    free(text);
    struct folder_result r = out(&p, (struct folder_opts){.told = tell});
    assert_int_equal(r.edited, 1);
    assert_int_equal(r.written, 0);
    struct bring_result b = in(&p);
    assert_int_equal(b.changed, 1);
    read_back(&p, -1, a, &k);
    assert_string_equal(k.body.row.tags[0], "essays");
    assert_string_equal(k.body.row.tags[1], "new one");
    assert_null(k.body.row.tags[2]);
    assert_string_equal(k.note, "For the plane.\n\n  Read it: \"slowly\".");
    assert_int_equal(k.nhighlights, 2);
    assert_string_equal(k.highlights[0].note, "yours");
    assert_int_equal(k.highlights[0].id, 5);
    assert_string_equal(k.highlights[1].quote, "this");
    assert_string_equal(k.highlights[1].note, "new note");
    assert_int_equal(k.highlights[1].from, 31);
    assert_non_null(strstr(k.body.content, "And so"));
    assert_int_equal(in(&p).changed, 0);
    // The file is its bookmark's again, and keeps what is not Lectern's.
    out(&p, (struct folder_opts){.force = true});
    says(&p, NAME, "aliases:\n  - letters\nlectern: " UID);
    assert_int_equal(out(&p, (struct folder_opts){0}).edited, 0);
    arena_free(a);
    place_free(&p);
}

static void where_both_changed_nothing_is_lost(void **state)
{
    (void)state;
    struct place p = place_new();
    struct arena *a = arena_new();
    struct err e = ERR_INIT;
    struct kept k;
    take_json(p.s, one);
    out(&p, (struct folder_opts){0});
    change(&p, NAME, "  - \"essays\"\n", "  - \"from the file\"\n");
    change(&p, NAME, "note: |-\n  For the train.\n", "note: |-\n  Of the file.\n");
    assert_true(store_bookmark_tag(p.s, -1, "from the library", true, &e));
    store_set_note(p.s, -1, "Of the library.");
    assert_int_equal(in(&p).changed, 1);
    read_back(&p, -1, a, &k);
    static const char *const tags[] = {"essays", "from the file", "from the library", "two words"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(k.body.row.tags[i], tags[i]);
    assert_non_null(strstr(k.note, "Of the library."));
    assert_non_null(strstr(k.note, "Of the file."));
    assert_int_equal(k.nhighlights, 2);
    assert_int_equal(in(&p).changed, 0); // and not twice
    arena_free(a);
    place_free(&p);
}

static void what_is_no_bookmark_is_told(void **state)
{
    (void)state;
    struct place p = place_new();
    struct arena *a = arena_new();
    struct kept k;
    take_json(p.s, one);
    out(&p, (struct folder_opts){0});
    char *text = file(&p, NAME);
    put(&p, "a copy.md", text);
    free(text);
    put(&p, "README.md", "# Mine\n");
    put(&p, "broken.md", "---\ntitle: \"x\nurl: https://a.example/\n---\ntext\n");
    put(&p, "clip.md",
        "---\ntitle: A clipping\nurl: https://clip.example/a\ntags: clips\n"
        "date: 2024-02-03\n---\n\n# A clipping\n\nIts *text*.\n");
    put(&p, "bomb.md",
        "---\na: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b]\n"
        "? [k]\n: v\nurl: *a\n---\n");
    struct bring_result r = in(&p);
    assert_int_equal(r.added, 1);
    assert_int_equal(r.there, 1);
    static const char *const lines[] = {"copy of another file",
                                        "README.md: it has no front matter\n",
                                        "broken.md: line 4: its front matter cannot be read",
                                        "bomb.md: its front matter names no address\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(told.data, lines[i]))
            fail_msg("'%s' is not in:\n%s", lines[i], told.data);
    read_back(&p, -2, a, &k);
    assert_string_equal(k.body.row.title, "A clipping");
    assert_string_equal(k.body.row.tags[0], "clips");
    assert_string_equal(k.body.content, "# A clipping\n\nIts *text*.\n");
    assert_int_equal(k.body.row.words, 2);
    assert_int_equal(in(&p).added, 0);
    arena_free(a);
    place_free(&p);
}

// Any document, out and in again: the same file.
static void any_text_comes_back(void **state)
{
    (void)state;
    struct place p = place_new(),
                 q = {.library = library_path("folder-two"), .dir = program_path("folder-two")};
    clear(q.dir);
    q.s = library_open(q.library, STORE_WRITE);
    struct err e = ERR_INIT;
    take_json(p.s, one);
    size_t n = 1;
    for (uint32_t seed = 1; seed <= 150; seed++) {
        struct doc *d = docs_random(seed);
        struct buf b = {0}, md = {0};
        write_html(&b, d);
        struct kept k = {.body = {.content = buf_cstr(&b),
                                  .content_len = b.len,
                                  .type = CONTENT_HTML,
                                  .row.title = ""}};
        // A few that Markdown has no words for are HTML: the text comes back, not every byte.
        bool as_html = page_body(&k, &md) & 1;
        buf_free(&md);
        if (as_html) {
            buf_free(&b);
            doc_free(d);
            continue;
        }
        n++;
        char *title = mem_printf("Random %u: \"it's\" \\ #%u", seed, seed);
        int64_t id = kept(&p, title, T0 + 86400 * (int64_t)seed, buf_cstr(&b));
        store_highlight_add(p.s, id,
                            &(struct highlight){.quote = "> quoted",
                                                .before = "",
                                                .after = "",
                                                .note = "# note\n---",
                                                .made = T0 + seed});
        store_set_note(p.s, id, seed % 2 ? "- [x]: |" : " odd\tedges \\\"\n");
        free(title);
        buf_free(&b);
        doc_free(d);
    }
    assert_true(store_flush(p.s, 1000, &e));
    assert_true(n > 140);
    assert_int_equal(out(&p, (struct folder_opts){0}).written, n);
    struct bring_result r;
    assert_true(bring_folder(q.s, p.dir, &(struct bring_opts){.now = T0}, NULL, NULL, &r, &e));
    assert_int_equal(r.added, n);
    assert_int_equal(out(&q, (struct folder_opts){0}).written, n);
    char *line = mem_printf("diff -r '%s' '%s' | head -20 | grep .", p.dir, q.dir);
    assert_int_not_equal(system(line), 0); // no line of difference
    free(line);
    store_close(q.s);
    clear(q.dir);
    free(q.dir);
    free(library_path("folder-two"));
    free(q.library);
    place_free(&p);
}

// ---- in step ----

static void a_folder_in_step(void **state)
{
    (void)state;
    struct place p = place_new();
    struct arena *a = arena_new();
    struct err e = ERR_INIT;
    struct kept k;
    const struct folder_opts sync = {.sync = true, .told = tell};
    take_json(p.s, one);
    int64_t second = kept(&p, "Second", T0, "<p>text</p>");
    assert_int_equal(out(&p, sync).written, 2);
    assert_int_equal(out(&p, sync).written, 0);
    put(&p, "clip.md", "---\nurl: https://clip.example/a\n---\nmine\n"); // not taken by itself
    change(&p, NAME, "  - \"essays\"\n", "");
    struct folder_result r = out(&p, sync);
    assert_int_equal(r.taken, 1);
    assert_int_equal(r.written, 1);
    assert_int_equal(r.edited, 0);
    read_back(&p, -1, a, &k);
    assert_string_equal(k.body.row.tags[0], "two words");
    assert_null(k.body.row.tags[1]);
    // Another library changed a file (a folder that is shared): it counts as a change of the file.
    struct place q = {.library = library_path("folder-two"), .dir = p.dir};
    q.s = library_open(q.library, STORE_WRITE);
    assert_int_equal(out(&q, sync).taken, 2);
    assert_true(store_bookmark_tag(q.s, -1, "theirs", true, &e));
    assert_int_equal(out(&q, sync).written, 1);
    store_close(q.s);
    free(library_path("folder-two"));
    free(q.library);
    r = out(&p, sync);
    assert_int_equal(r.taken, 1);
    // What is let go takes its file along; what was changed by hand since comes back.
    assert_true(store_bookmark_remove(p.s, second, &e));
    r = out(&p, sync);
    assert_int_equal(r.removed, 1);
    assert_true(store_bookmark_remove(p.s, -1, &e));
    change(&p, NAME, "two words", "saved words");
    r = out(&p, sync);
    assert_int_equal(r.removed, 0);
    assert_int_equal(r.taken, 1);
    read_back(&p, -1, a, &k);
    must_be(names(p.dir), NAME "\nclip.md\n");
    arena_free(a);
    place_free(&p);
}

static void no_complaint(void *ctx, const char *sentence)
{
    (void)ctx;
    fail_msg("%s", sentence);
}

// What the worker does: when it has ended, the folder is as the library is.
static void the_worker_keeps_it(void **state)
{
    (void)state;
    struct place p = place_new();
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    assert_null(in_step_start(p.library, c, no_complaint, NULL)); // nobody asked for one
    assert_true(conf_set(c, "bookmarks-folder", p.dir, &e));
    take_json(p.s, one);
    struct in_step *i = in_step_start(p.library, c, no_complaint, NULL);
    assert_non_null(i);
    kept(&p, "Second", T0, "<p>text</p>");
    in_step_end(i);
    must_be(names(p.dir), NAME "\n2025-11-18-second.md\n");
    assert_true(store_bookmark_remove(p.s, -2, &e));
    change(&p, NAME, "two words", "other words");
    in_step_end(in_step_start(p.library, c, no_complaint, NULL));
    must_be(names(p.dir), NAME "\n");
    struct arena *a = arena_new();
    struct kept k;
    read_back(&p, -1, a, &k);
    assert_string_equal(k.body.row.tags[1], "other words");
    arena_free(a);
    conf_free(c);
    place_free(&p);
}

#endif

// ---- harm ----

static void fill(struct place *p, int n, int paragraphs)
{
    for (int i = 0; i < n; i++) {
        char *title = mem_printf("Essay %d", i);
        struct buf b = {0};
        for (int k = 0; k < paragraphs; k++)
            buf_printf(&b, "<p>Words of essay %d, again and again.</p>", i);
        kept(p, title, T0, b.data);
        buf_free(&b);
        free(title);
    }
}

// Every file that is there is as Lectern wrote it.
static size_t all_whole(struct place *p)
{
    char *list = names(p->dir);
    size_t n = 0;
    for (char *name = list, *nl; (nl = strchr(name, '\n')); name = nl + 1) {
        *nl = '\0';
        if (name[0] == '.')
            continue; // a temporary: goes the next time
        char *text = file(p, name);
        if (page_stamp(text, strlen(text)).edited)
            fail_msg("%s is not whole:\n%s", name, text);
        free(text);
        n++;
    }
    free(list);
    return n;
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    struct place p = place_new();
    struct err e = ERR_INIT;
    fill(&p, 40, 40);
    assert_true(path_make_dir(p.dir, &e));
    for (int i = 0; i < 30; i++) {
        char *tag = mem_printf("round %d", i);
        int64_t *ids, *changed;
        size_t n, nchanged;
        struct shelf sh = {.kind = SHELF_BOOKMARKS};
        assert_true(store_ids(p.s, &sh, false, 0, 0, &ids, &n, &e));
        assert_true(store_bookmarks_tag(p.s, ids, n, tag, true, &changed, &nchanged, &e));
        free(ids);
        free(changed);
        free(tag);
        pid_t child = fork();
        if (child == 0) {
            execl(getenv("LECTERN_BIN"), "lectern", "--library", p.library, "export", "bookmarks",
                  p.dir, NULL);
            _exit(1);
        }
        usleep((useconds_t)(i * 700)); // some in the middle, some before, some after
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        all_whole(&p);
    }
    out(&p, (struct folder_opts){0});
    assert_int_equal(all_whole(&p), 40);
    char *list = names(p.dir);
    assert_null(strstr(list, ".lectern-"));
    free(list);
    place_free(&p);
}

static void a_full_disk(void **state)
{
    (void)state;
    struct place p = place_new();
    fill(&p, 5, 2000); // larger than what is left
    store_close(p.s);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        freopen("/dev/null", "w", stderr);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){50000, 50000});
        execl(getenv("LECTERN_BIN"), "lectern", "--library", p.library, "export", "bookmarks",
              p.dir, NULL);
        _exit(9);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 1);
    must_be(names(p.dir), ""); // no part of a file
    char *json = program_path("full.json");
    unlink(json);
    child = fork();
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        freopen("/dev/null", "w", stderr);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){50000, 50000});
        execl(getenv("LECTERN_BIN"), "lectern", "--library", p.library, "export", "bookmarks", json,
              NULL);
        _exit(9);
    }
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_int_not_equal(access(json, F_OK), 0);
    free(json);
    p.s = library_open(p.library, STORE_WRITE);
    assert_int_equal(out(&p, (struct folder_opts){0}).written, 5);
    assert_int_equal(all_whole(&p), 5);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_reads_so),
        cmocka_unit_test(names_are_safe_and_stay),
        cmocka_unit_test(only_what_changed_is_written),
        cmocka_unit_test(nothing_goes_but_its_own),
#ifdef HAVE_YAML
        cmocka_unit_test(what_was_changed_comes_back),
        cmocka_unit_test(where_both_changed_nothing_is_lost),
        cmocka_unit_test(what_is_no_bookmark_is_told),
        cmocka_unit_test(any_text_comes_back),
        cmocka_unit_test(a_folder_in_step),
        cmocka_unit_test(the_worker_keeps_it),
#endif
        cmocka_unit_test(killed_at_any_moment),
        cmocka_unit_test(a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
