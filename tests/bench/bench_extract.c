// How much of an article, and how little else, is taken out of a page: F1 over words against the
// words that a person marked, and milliseconds a page. `bench_extract PAGES OUT` extracts every
// PAGES/NAME.html, writes what it took to OUT/NAME.lectern and the milliseconds (least of five) to
// OUT/lectern.ms; `bench_extract PAGES OUT TOOL...` prints a table of what tools left there as
// OUT/NAME.TOOL and OUT/TOOL.ms beside PAGES/NAME.truth.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lectern/extract.h"
#include "lectern/hash.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { PAGES = 200, ROUNDS = 5, TOOLS = 8 };

static char *names[PAGES];
static size_t nnames;

static int by_name(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

static void list(const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *f; d && nnames < PAGES && (f = readdir(d));) {
        size_t n = strlen(f->d_name);
        if (n > 6 && strcmp(f->d_name + n - 6, ".truth") == 0)
            names[nnames++] = mem_strndup(f->d_name, n - 6);
    }
    if (d)
        closedir(d);
    qsort(names, nnames, sizeof *names, by_name);
}

static void load(struct buf *b, const char *dir, const char *name, const char *end)
{
    char *path = mem_printf("%s/%s.%s", dir, name, end);
    buf_clear(b);
    if (!buf_read_file(b, path, 64 << 20, NULL))
        buf_clear(b);
    free(path);
}

// ---- words ----

static bool is_letter(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || ((cp | 32) >= 'a' && (cp | 32) <= 'z');
    return !(cp == 0xA0 || cp == 0xAD || cp == 0xAB || cp == 0xBB || cp == 0xB6 || cp == 0xB7 ||
             (cp >= 0x2000 && cp <= 0x206F) || (cp >= 0x2190 && cp <= 0x2BFF) ||
             (cp >= 0x3000 && cp <= 0x303F) || (cp >= 0xFF00 && cp <= 0xFF0F));
}

static int by_hash(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

// Hashes of all words, sorted; an ideograph is a word.
static uint64_t *words_of(const struct buf *b, size_t *n)
{
    uint64_t *out = NULL;
    size_t cap = 0, len = b->len;
    const char *s = buf_cstr(b);
    char word[64];
    size_t k = 0;
    *n = 0;
    for (size_t i = 0, step; i <= len; i += step) {
        uint32_t cp = 0;
        step = i < len ? utf8_decode(s + i, len - i, &cp) : 1;
        bool letter = i < len && is_letter(cp), alone = cp >= 0x3040 && cp < 0xD7B0;
        if ((!letter || alone) && k) {
            out = mem_grow(out, &cap, *n + 1, sizeof *out);
            out[(*n)++] = hash_bytes(word, k, 1);
            k = 0;
        }
        if (letter && k + step < sizeof word) {
            memcpy(word + k, s + i, step);
            if (step == 1)
                word[k] = (char)(cp >= 'A' && cp <= 'Z' ? cp | 32 : cp);
            k += step;
        }
        if (letter && alone) {
            out = mem_grow(out, &cap, *n + 1, sizeof *out);
            out[(*n)++] = hash_bytes(word, k, 1);
            k = 0;
        }
    }
    if (*n)
        qsort(out, *n, sizeof *out, by_hash);
    return out;
}

static double f1(const struct buf *truth, const struct buf *got)
{
    size_t a, b, same = 0;
    uint64_t *t = words_of(truth, &a), *g = words_of(got, &b);
    for (size_t i = 0, k = 0; i < a && k < b;) {
        same += t[i] == g[k];
        if (t[i] == g[k])
            i++, k++;
        else if (t[i] < g[k])
            i++;
        else
            k++;
    }
    free(t);
    free(g);
    return a + b ? 2.0 * (double)same / (double)(a + b) : 1;
}

// ---- ours ----

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

// The page's words, not Lectern's own.
static void text_of(const struct doc *d, struct buf *out)
{
    for (uint32_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *k = &d->blocks[i];
        if (!doc_is_leaf((enum block_kind)k->kind) || k->kind == BLOCK_NOTICE)
            continue;
        buf_add(out, d->text + k->off, k->len);
        buf_char(out, '\n');
    }
}

static int extract_all(const char *pages, const char *out)
{
    struct buf html = {0}, text = {0}, ms = {0};
    for (size_t i = 0; i < nnames; i++) {
        load(&html, pages, names[i], "html");
        char *url = mem_printf("https://x.example/p/%s", names[i]);
        const struct extract_source src = {.url = url};
        double best = 1e9;
        buf_clear(&text);
        for (int round = 0; round < ROUNDS; round++) {
            struct extract x = {0};
            double from = now();
            bool ok = extract_page(buf_cstr(&html), html.len, &src, &x, NULL);
            double took = now() - from;
            best = took < best ? took : best;
            if (ok && round == 0)
                text_of(x.doc, &text);
            if (ok)
                extract_free(&x);
        }
        char *path = mem_printf("%s/%s.lectern", out, names[i]);
        buf_write_file(path, buf_cstr(&text), text.len, 0644, NULL);
        buf_printf(&ms, "%s %.3f\n", names[i], best);
        free(path);
        free(url);
    }
    char *path = mem_printf("%s/lectern.ms", out);
    bool ok = buf_write_file(path, buf_cstr(&ms), ms.len, 0644, NULL);
    free(path);
    buf_free(&html);
    buf_free(&text);
    buf_free(&ms);
    return ok ? 0 : 1;
}

// ---- the table ----

static double ms_of(const struct buf *ms, const char *name)
{
    size_t n = strlen(name);
    for (const char *s = buf_cstr(ms); s && *s; s = strchr(s, '\n') ? strchr(s, '\n') + 1 : NULL)
        if (strncmp(s, name, n) == 0 && s[n] == ' ')
            return strtod(s + n, NULL);
    return 0;
}

static int table(const char *pages, const char *out, int ntools, char **tools)
{
    struct buf truth = {0}, got = {0}, ms[TOOLS] = {{0}};
    double sum[TOOLS] = {0}, time[TOOLS] = {0};
    int worse = 0;
    printf("  %-22s", "");
    for (int k = 0; k < ntools; k++) {
        load(&ms[k], out, tools[k], "ms");
        printf(" %12s %9s", tools[k], "ms");
    }
    printf("\n");
    for (size_t i = 0; i < nnames; i++) {
        load(&truth, pages, names[i], "truth");
        printf("  %-22s", names[i]);
        double ours = 0;
        bool lost = false;
        for (int k = 0; k < ntools; k++) {
            load(&got, out, names[i], tools[k]);
            double f = f1(&truth, &got), t = ms_of(&ms[k], names[i]);
            if (k == 0)
                ours = f;
            lost = lost || f > ours + 0.0005;
            sum[k] += f;
            time[k] += t;
            printf(" %12.3f %9.2f", f, t);
        }
        printf("%s\n", lost ? "  <- a peer is better" : "");
        worse += lost;
    }
    printf("  %-22s", "mean");
    for (int k = 0; k < ntools && nnames; k++)
        printf(" %12.3f %9.2f", sum[k] / (double)nnames, time[k] / (double)nnames);
    printf("\n  %d of %zu pages where a peer is better\n", worse, nnames);
    for (int k = 0; k < ntools; k++)
        buf_free(&ms[k]);
    buf_free(&truth);
    buf_free(&got);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc - 3 > TOOLS) {
        fprintf(stderr, "usage: bench_extract PAGES OUT [TOOL...]\n");
        return 2;
    }
    list(argv[1]);
    int code =
        argc == 3 ? extract_all(argv[1], argv[2]) : table(argv[1], argv[2], argc - 3, argv + 3);
    for (size_t i = 0; i < nnames; i++)
        free(names[i]);
    return code;
}
