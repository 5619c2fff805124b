// Titles are read in blocks as a list reads its rows. See titles.h.
#include "titles.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/match.h"

enum { BLOCK = 256, BLOCKS = 4 }; // a step takes some milliseconds

struct titles {
    struct pattern what;
    size_t next, looked;
    int dir;
};

static void advance(struct titles *t, size_t n)
{
    t->next = t->dir < 0 ? (t->next + n - 1) % n : (t->next + 1) % n;
}

struct titles *titles_new(const char *what, size_t from, int dir)
{
    struct titles *t = mem_alloc(sizeof *t);
    t->what = pattern_new(what);
    t->next = from;
    t->dir = dir;
    if (dir > 0)
        t->next++;
    else if (dir < 0)
        t->next = from ? from - 1 : SIZE_MAX;
    return t;
}

void titles_free(struct titles *t)
{
    if (!t)
        return;
    pattern_free(&t->what);
    free(t);
}

enum titles_result titles_step(struct titles *t, struct store *s, const struct ids *ids, size_t *at)
{
    struct item_row rows[BLOCK];
    int64_t block[BLOCK];
    size_t where[BLOCK];
    bool found = false;
    size_t n = ids->n;
    if (t->next >= n)
        t->next = t->next == SIZE_MAX && n ? n - 1 : 0;
    for (int b = 0; b < BLOCKS && !found && t->looked < n; b++) {
        size_t k = 0;
        for (; k < BLOCK && t->looked < n; k++, t->looked++, advance(t, n)) {
            where[k] = t->next;
            block[k] = ids_at(ids, t->next);
        }
        struct arena *a = arena_new();
        if (store_rows(s, block, k, a, rows, NULL))
            for (size_t i = 0; i < k && !found; i++) {
                struct match m;
                found =
                    rows[i].id && match_next(&t->what, rows[i].title, strlen(rows[i].title), 0, &m);
                if (found)
                    *at = where[i];
            }
        arena_free(a);
    }
    return found ? TITLES_FOUND : t->looked < n ? TITLES_MORE : TITLES_NONE;
}
