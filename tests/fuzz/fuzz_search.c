// What is typed to search for: first anything is understood, then it is asked of a small library
// twice, with an index and without. Both must find the same, and SQLite never complain of what it
// is asked.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/find.h"
#include "lectern/mem.h"

static const char *const essays[][2] = {
    {"A Quiet Letter", "<p>The post carried a letter to the sea. It isn't a harbour.</p>"},
    {"東京の手紙", "<p>東京都の郵便局。 iPhone手机 ภาษาไทย 한국어</p>"},
    {"Łódź", "<p>Straße naïve cafés a b a c a b NEAR OR and not x</p><p>letter quiet</p>"},
    {"", "<p></p>"},
};
enum { ESSAYS = sizeof essays / sizeof *essays };

static void must(bool ok, const struct err *e)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", e->msg);
    abort();
}

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static struct store *library(bool indexed)
{
    struct err e = ERR_INIT;
    struct store *s = NULL;
    char path[] = "/tmp/fuzz_search_XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0)
        abort();
    close(fd);
    unlink(path);
    must(store_open(path, STORE_WRITE, &s, &e), &e);
    unlink(path); // it stays as long as it is open
    for (int i = 0; i < ESSAYS; i++) {
        struct snapshot sn = {.title = essays[i][0],
                              .author = i % 2 ? "Ada Lind" : NULL,
                              .content = essays[i][1],
                              .content_len = strlen(essays[i][1]),
                              .type = CONTENT_HTML,
                              .published = 1000000000 + i};
        int64_t id;
        must(store_bookmark_snapshot(s, &sn, 1, &id, &e), &e);
    }
    for (bool more = indexed; more;)
        must(find_index(s, 10, &more, &e), &e);
    return s;
}

static unsigned found(struct store *s, const char *typed, bool partial)
{
    struct err e = ERR_INIT;
    struct finding *f = finding_new(typed, (struct when){0}, 1795335300, partial, FIND_BEST);
    while (finding_step(f, s, &e))
        ;
    must(e.kind == ERR_NONE, &e);
    unsigned set = 0;
    size_t n, nmarks;
    const int64_t *ids = finding_ids(f, &n);
    for (size_t i = 0; i < n; i++)
        set |= 1u << -ids[i];
    free(finding_marks(f, typed, strlen(typed), 1u << SEARCH_TEXT, &nmarks));
    for (int64_t id = -1; id >= -ESSAYS; id--) {
        struct arena *a = arena_new();
        struct item_body body;
        struct sentence sentence;
        must(store_item(s, id, a, &body, &e), &e);
        finding_sentence(f, &body, &sentence);
        for (size_t i = 0; i < sentence.n; i++)
            promise(sentence.marks[i].off + sentence.marks[i].len <= strlen(sentence.text));
        sentence_fit(&sentence, (int)(n * 7 + 1), n % 2);
        for (size_t i = 0; i < sentence.n; i++)
            promise(sentence.marks[i].off + sentence.marks[i].len <= strlen(sentence.text));
        sentence_free(&sentence);
        arena_free(a);
    }
    finding_free(f);
    return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct store *with, *without;
    if (!with) {
        with = library(true);
        without = library(false);
    }
    char *typed = mem_strndup((const char *)data, size);
    promise(found(with, typed, size % 2) == found(without, typed, size % 2));
    free(typed);
    return 0;
}
